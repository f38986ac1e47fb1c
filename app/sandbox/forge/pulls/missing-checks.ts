import type { Repo } from "#sandbox/forge/contract.ts";
import { contextsOfCommit } from "#sandbox/forge/deployments/contexts-of-commit.ts";
import { type RequiredCheck, requiredChecks } from "#sandbox/forge/rules/ruleset.ts";

type Judged = { context: string; failed: boolean; passed: boolean };

function judge(repo: Repo, required: readonly RequiredCheck[], sha: string): readonly Judged[] {
  if (required.length === 0) return [];
  const said = contextsOfCommit(repo, sha);
  return required.map(({ context, integration_id }) => {
    const own = said.filter(
      (one) => one.context === context && (integration_id === undefined || one.app === integration_id),
    );
    const failed = own.some(({ state }) => state === "failure");
    return { context, failed, passed: own.length > 0 && own.every(({ state }) => state === "success") };
  });
}

/** What the checks that a branch asks for say of a commit. */
export function judgeChecks(repo: Repo, branch: string, sha: string): "passed" | "pending" | "failed" {
  const judged = judge(repo, requiredChecks(repo, branch), sha);
  if (judged.every(({ passed }) => passed)) return "passed";
  return judged.some(({ failed }) => failed) ? "failed" : "pending";
}

/** Names of those checks that this commit has not passed. */
export function missingChecksOf(repo: Repo, required: readonly RequiredCheck[], sha: string): readonly string[] {
  const missing = judge(repo, required, sha).filter(({ passed }) => !passed);
  return [...new Set(missing.map(({ context }) => context))];
}

/** Names of the checks that a branch asks for and that this commit has not passed. */
export function missingChecks(repo: Repo, branch: string, sha: string): readonly string[] {
  return missingChecksOf(repo, requiredChecks(repo, branch), sha);
}
