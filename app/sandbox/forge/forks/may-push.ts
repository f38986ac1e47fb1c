import { hasRole } from "#sandbox/forge/auth/permit.ts";
import type { Actor, Forge, Repo } from "#sandbox/forge/contract.ts";
import { openPulls } from "#sandbox/forge/pulls/pull.ts";
import { networkOf } from "./network.ts";

/**
 * Branches of a fork that this person may push to without a role there: those of open pull requests whose authors let the
 * maintainers of the base repository do so.
 */
export function branchesLent(forge: Forge, fork: Repo, actor: Actor): ReadonlySet<string> {
  if (actor.kind !== "user") return new Set();
  const { login } = actor.account;
  const bases = networkOf(forge, fork).filter((one) => one.id !== fork.id && hasRole(one.roleOf(login), "write"));
  return new Set(
    bases
      .flatMap(openPulls)
      .filter(({ pull }) => pull.head.repository === fork.id && pull.maintainer_can_modify === true)
      .map(({ pull }) => `refs/heads/${pull.head.ref}`),
  );
}

/** May this actor write to this branch, by a role or by the author's leave? Apps are asked for permissions elsewhere. */
export function mayPushTo(forge: Forge, repo: Repo, branch: string, actor: Actor): boolean {
  if (actor.kind !== "user") return true;
  return (
    hasRole(repo.roleOf(actor.account.login), "write") || branchesLent(forge, repo, actor).has(`refs/heads/${branch}`)
  );
}
