import type { Actor, Repo } from "#sandbox/forge/contract.ts";
import { missingChecksOf } from "#sandbox/forge/pulls/missing-checks.ts";
import type { Pull } from "#sandbox/forge/pulls/pull.ts";
import { approvals } from "#sandbox/forge/pulls/review.ts";
import { sayMissing } from "./judge-ref.ts";
import { bypassOf } from "./may-bypass.ts";
import { type Rule, rulesetsFor } from "./ruleset.ts";

/**
 * What rules have against merging a pull request, in GitHub's words; [] for nothing. `base`: where the base branch stands.
 * Without a method the question is whether it may wait in the merge queue, which merges in its own way.
 */
export async function mergeViolations(
  repo: Repo,
  found: Pull,
  base: string,
  actor: Actor,
  method?: "merge" | "squash" | "rebase",
): Promise<readonly string[]> {
  const rules = rulesetsFor(repo, `refs/heads/${found.pull.base.ref}`)
    .filter((ruleset) => bypassOf(repo, ruleset, actor) === "never")
    .flatMap((ruleset) => ruleset.rules);
  const said = await Promise.all(rules.map((rule) => judge(repo, rule, found, base, method)));
  return [...new Set(said.flat())];
}

async function judge(
  repo: Repo,
  rule: Rule,
  found: Pull,
  base: string,
  method: "merge" | "squash" | "rebase" | undefined,
): Promise<readonly string[]> {
  const { sha } = found.pull.head;
  switch (rule.type) {
    case "update":
      return ["Cannot update this protected ref."];
    case "merge_queue":
      return method === undefined ? [] : ["Changes must be made through the merge queue"];
    case "required_status_checks": {
      const { required_status_checks: required, strict_required_status_checks_policy: strict } = rule.parameters;
      const missing = missingChecksOf(repo, required, sha).map(sayMissing);
      // the queue itself tests with the latest code; GitHub's words for this one are not documented
      const isBehind = strict && method !== undefined && required.length > 0 && !(await repo.git.isAncestor(base, sha));
      return isBehind ? [...missing, "Head branch is out of date"] : missing;
    }
    case "pull_request": {
      const { required_approving_review_count: wanted, allowed_merge_methods: methods } = rule.parameters;
      const given = approvals(repo, found, rule.parameters.dismiss_stale_reviews_on_push);
      const are = wanted === 1 ? "review is" : "reviews are";
      return [
        ...(given.blocked ? ["Changes have been requested by a reviewer with write access."] : []),
        ...(given.count < wanted
          ? [`At least ${wanted} approving ${are} required by reviewers with write access.`]
          : []),
        ...(method !== undefined && methods?.includes(method) === false
          ? [`Merge method "${method}" is not allowed on this branch.`]
          : []),
      ];
    }
    default:
      return [];
  }
}
