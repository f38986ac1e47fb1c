import type { Repo } from "#sandbox/forge/contract.ts";
import { contextsOfCommit } from "#sandbox/forge/deployments/contexts-of-commit.ts";
import { requiredChecks } from "#sandbox/forge/rules/ruleset.ts";

/** What the checks that a branch asks for say of a commit; `missing`: those that it has not passed. */
export function judgeChecks(
  repo: Repo,
  branch: string,
  sha: string,
): { state: "passed" | "pending" | "failed"; missing: readonly string[] } {
  const required = requiredChecks(repo, branch);
  if (required.length === 0) return { state: "passed", missing: [] };
  const said = contextsOfCommit(repo, sha);
  const judged = required.map(({ context, integration_id }) => {
    const own = said.filter(
      (one) => one.context === context && (integration_id === undefined || one.app === integration_id),
    );
    const failed = own.some(({ state }) => state === "failure");
    return { context, failed, passed: own.length > 0 && own.every(({ state }) => state === "success") };
  });
  const missing = judged.filter(({ passed }) => !passed).map(({ context }) => context);
  const state = missing.length === 0 ? "passed" : judged.some(({ failed }) => failed) ? "failed" : "pending";
  return { state, missing: [...new Set(missing)] };
}

/** Names of the checks that a branch asks for and that this commit has not passed. */
export function missingChecks(repo: Repo, branch: string, sha: string): readonly string[] {
  return judgeChecks(repo, branch, sha).missing;
}
