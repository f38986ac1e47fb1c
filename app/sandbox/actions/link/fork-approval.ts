import { hasRole } from "#sandbox/forge/auth/permit.ts";
import type { Repo } from "#sandbox/forge/contract.ts";
import { hasMerged } from "#sandbox/forge/pulls/pull.ts";
import { readSettings } from "./actions-settings.ts";

/**
 * Whether a run of a fork waits for somebody who may write: GitHub looks at the author of the pull request and at whoever
 * caused the event. A first-time contributor has no merged pull request here. All accounts of the sandbox are new to it.
 */
export function needsApproval(repo: Repo, logins: readonly string[]): boolean {
  const { approvalPolicy } = readSettings(repo);
  const outsiders = logins.filter((login) => !hasRole(repo.roleOf(login), "write"));
  if (approvalPolicy === "all_external_contributors") return outsiders.length > 0;
  return outsiders.some((login) => !hasMerged(repo, login));
}
