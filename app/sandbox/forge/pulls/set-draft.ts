import type { Repo } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { emitPull } from "./emit-pull.ts";
import { changePull, mustFindPull } from "./pull.ts";

/** Marks a pull request as a draft or as ready. GitHub has this in GraphQL and in buttons only. */
export async function setDraft(
  forge: ForgeInside,
  repo: Repo,
  number: number,
  draft: boolean,
  login: string,
): Promise<void> {
  const account = forge.account(login);
  if (account === undefined) throw new Error(`Cannot change pull request #${number}: there is no account "${login}"`);
  const found = mustFindPull(repo, number);
  if (found.pull.draft === draft) return;
  changePull(repo, found, { pull: { draft }, issue: { updated_at: forge.instant() } });
  const action = draft ? "converted_to_draft" : "ready_for_review";
  await emitPull(forge, repo, number, action, { kind: "user", account });
}
