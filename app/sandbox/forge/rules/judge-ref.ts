import { type Actor, type GithubError, githubError, type Repo } from "#sandbox/forge/contract.ts";
import type { RefChange } from "#sandbox/forge/git/git-store.ts";
import { missingChecksOf } from "#sandbox/forge/pulls/missing-checks.ts";
import { bypassOf } from "./may-bypass.ts";
import { type Rule, rulesetsFor } from "./ruleset.ts";

/** Branches of merge queues are GitHub's own. */
const queueBranches = "refs/heads/gh-readonly-queue/";

/**
 * What rules have against a ref moved by hand, in GitHub's words; [] for nothing. `known`: whether the new commit is in the
 * repository already, so that it can be told a fast-forward (of a push it is not: git's own hook looks at that).
 */
export async function refViolations(
  repo: Repo,
  change: RefChange,
  actor: Actor,
  known = true,
): Promise<readonly string[]> {
  if (change.name.startsWith(queueBranches)) return ["Cannot update this protected ref."];
  const rules = rulesetsFor(repo, change.name)
    .filter((ruleset) => bypassOf(repo, ruleset, actor) !== "always")
    .flatMap((ruleset) => ruleset.rules);
  const said = await Promise.all(rules.map((rule) => judge(repo, rule, change, known)));
  return [...new Set(said.flat())];
}

/** Names of refs that this actor may move forwards only. */
export function movesForwardsOnly(repo: Repo, ref: string, actor: Actor): boolean {
  return rulesetsFor(repo, ref).some(
    (ruleset) =>
      bypassOf(repo, ruleset, actor) !== "always" && ruleset.rules.some(({ type }) => type === "non_fast_forward"),
  );
}

async function judge(
  repo: Repo,
  rule: Rule,
  { name, before, after }: RefChange,
  known: boolean,
): Promise<readonly string[]> {
  const isUpdate = before !== null && after !== null;
  switch (rule.type) {
    case "creation":
      return before === null ? ["Cannot create ref due to creations being restricted."] : [];
    case "update":
      return isUpdate ? ["Cannot update this protected ref."] : [];
    case "deletion":
      return after === null ? [`Cannot delete this ${name.startsWith("refs/tags/") ? "tag" : "branch"}`] : [];
    case "non_fast_forward": {
      if (!isUpdate || !known) return [];
      const [old, fresh] = await Promise.all([repo.git.resolve(before), repo.git.resolve(after)]);
      const isForward = old !== undefined && fresh !== undefined && (await repo.git.isAncestor(old, fresh));
      return isForward ? [] : ["Cannot force-push to this branch"];
    }
    case "required_status_checks": {
      const { required_status_checks, do_not_enforce_on_create } = rule.parameters;
      if (after === null || (before === null && do_not_enforce_on_create === true)) return [];
      return missingChecksOf(repo, required_status_checks, after).map(sayMissing);
    }
    case "pull_request":
      return after === null ? [] : ["Changes must be made through a pull request."];
    case "merge_queue":
      return isUpdate ? ["Changes must be made through the merge queue"] : [];
  }
}

export const sayMissing = (check: string): string => `Required status check "${check}" is expected.`;

/** What the API says where rules refuse. */
export function ruleMessage(violations: readonly string[]): string {
  return `Repository rule violations found\n\n${violations.join("\n")}\n\n`;
}

/** Throws unless rules let this actor move the ref: 422, of the contents API 409. */
export async function demandRules(repo: Repo, change: RefChange, actor: Actor, status: 409 | 422 = 422): Promise<void> {
  const violations = await refViolations(repo, change, actor);
  if (violations.length > 0) throw refusal(status, violations);
}

function refusal(status: number, violations: readonly string[]): GithubError {
  return githubError(status, ruleMessage(violations));
}
