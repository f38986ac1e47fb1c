import type { Repo } from "#sandbox/forge/contract.ts";
import { matchesRef } from "./ref-pattern.ts";

export type RequiredCheck = { context: string; integration_id?: number };
export type QueueParameters = {
  check_response_timeout_minutes: number;
  grouping_strategy: "ALLGREEN" | "HEADGREEN";
  max_entries_to_build: number;
  max_entries_to_merge: number;
  merge_method: "MERGE" | "SQUASH" | "REBASE";
  min_entries_to_merge: number;
  min_entries_to_merge_wait_minutes: number;
};
type PullParameters = {
  allowed_merge_methods?: readonly ("merge" | "squash" | "rebase")[];
  dismiss_stale_reviews_on_push: boolean;
  require_code_owner_review: boolean;
  require_last_push_approval: boolean;
  required_approving_review_count: number;
  required_review_thread_resolution: boolean;
};

/** The rules that the sandbox keeps; parameters are GitHub's. */
export type Rule =
  | { type: "creation" | "deletion" | "non_fast_forward" }
  | { type: "update"; parameters: { update_allows_fetch_and_merge: boolean } }
  | {
      type: "required_status_checks";
      parameters: {
        required_status_checks: readonly RequiredCheck[];
        strict_required_status_checks_policy: boolean;
        do_not_enforce_on_create?: boolean;
      };
    }
  | { type: "pull_request"; parameters: PullParameters }
  | { type: "merge_queue"; parameters: QueueParameters };

export type BypassActor = {
  actor_id?: number | null;
  actor_type: "Integration" | "OrganizationAdmin" | "RepositoryRole" | "Team" | "DeployKey" | "User";
  bypass_mode?: "always" | "pull_request" | "exempt";
};

/** Collection "rulesets". */
export type RulesetRecord = {
  id: number;
  name: string;
  target: "branch" | "tag";
  enforcement: "disabled" | "active" | "evaluate";
  bypass_actors: readonly BypassActor[];
  conditions: { ref_name: { include: readonly string[]; exclude: readonly string[] } };
  rules: readonly Rule[];
  created_at: string;
  updated_at: string;
};

/** Rulesets in force for a branch or tag, named in full. */
export function rulesetsFor(repo: Repo, ref: string): readonly RulesetRecord[] {
  const target = ref.startsWith("refs/heads/") ? "branch" : ref.startsWith("refs/tags/") ? "tag" : undefined;
  const isMeant = (pattern: string): boolean => matchesRef(pattern, ref, repo.record.default_branch);
  return repo
    .store<RulesetRecord>("rulesets")
    .list()
    .filter(
      ({ target: of, enforcement, conditions: { ref_name } }) =>
        of === target && enforcement === "active" && ref_name.include.some(isMeant) && !ref_name.exclude.some(isMeant),
    );
}

/** The rules of one type in force for a branch or tag. */
export function rulesOf<T extends Rule["type"]>(
  repo: Repo,
  ref: string,
  type: T,
): readonly Extract<Rule, { type: T }>[] {
  return rulesetsFor(repo, ref)
    .flatMap(({ rules }) => rules)
    .filter((rule): rule is Extract<Rule, { type: T }> => rule.type === type);
}

/** Checks without which a branch takes no merge: by its protection and by rulesets. */
export function requiredChecks(repo: Repo, branch: string): readonly RequiredCheck[] {
  const byProtection = repo.record.required_checks?.[branch] ?? [];
  const byRules = rulesOf(repo, `refs/heads/${branch}`, "required_status_checks");
  return [
    ...byProtection.map((context) => ({ context })),
    ...byRules.flatMap(({ parameters }) => parameters.required_status_checks),
  ];
}

/** How the merge queue of a branch works; undefined: it has none. */
export function queueOf(repo: Repo, branch: string): QueueParameters | undefined {
  return rulesOf(repo, `refs/heads/${branch}`, "merge_queue")[0]?.parameters;
}
