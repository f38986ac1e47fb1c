import { addAccount } from "#sandbox/forge/admin/accounts.ts";
import type { Actor } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";

const login = "github-merge-queue[bot]";
const githubsId = 118_344_674;

/** In whose name GitHub builds groups and merges them. Unlike those of github-actions[bot], its pushes start workflows. */
export function queueBot(forge: ForgeInside): Actor {
  const account =
    forge.account(login) ??
    addAccount(forge.state, {
      id: githubsId,
      login,
      type: "Bot",
      name: null,
      email: null,
      created_at: forge.instant(),
    });
  return { kind: "user", account };
}
