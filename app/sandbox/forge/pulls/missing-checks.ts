import type { Repo } from "#sandbox/forge/contract.ts";
import { contextsOfCommit } from "#sandbox/forge/deployments/contexts-of-commit.ts";
import { latestStatuses } from "#sandbox/forge/statuses/status-record.ts";

/** Names of the checks that a branch asks for and that this commit has not passed. */
export function missingChecks(repo: Repo, branch: string, sha: string): readonly string[] {
  const required = repo.record.required_checks?.[branch] ?? [];
  if (required.length === 0) return [];
  const states = [...contextsOfCommit(repo, sha), ...latestStatuses(repo, sha)];
  return required.filter((name) => {
    const own = states.filter(({ context }) => context === name);
    return own.length === 0 || own.some(({ state }) => state !== "success");
  });
}
