import { githubError, type JsonObject } from "#sandbox/forge/contract.ts";
import type { Rule } from "./ruleset.ts";

/** What GitHub takes where a rule is written without parameters. */
const defaults: Readonly<Record<Rule["type"], JsonObject | undefined>> = {
  creation: undefined,
  deletion: undefined,
  non_fast_forward: undefined,
  update: { update_allows_fetch_and_merge: false },
  required_status_checks: { required_status_checks: [], strict_required_status_checks_policy: false },
  pull_request: {
    dismiss_stale_reviews_on_push: false,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_approving_review_count: 0,
    required_review_thread_resolution: false,
  },
  merge_queue: {
    check_response_timeout_minutes: 60,
    grouping_strategy: "ALLGREEN",
    max_entries_to_build: 5,
    max_entries_to_merge: 5,
    merge_method: "MERGE",
    min_entries_to_merge: 1,
    min_entries_to_merge_wait_minutes: 5,
  },
};

/** Parameters that would be kept and not enforced: better none at all. */
const refused: ReadonlySet<string> = new Set([
  "require_code_owner_review",
  "require_last_push_approval",
  "required_review_thread_resolution",
]);

/** Rules as they came, checked by GitHub's description. Throws 501 for what the sandbox would not keep to. */
export function readRules(written: readonly JsonObject[]): readonly Rule[] {
  return written.map((rule) => {
    const type = String(rule["type"]);
    if (!Object.hasOwn(defaults, type)) throw githubError(501, `The sandbox enforces no rule "${type}"`);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- just looked up
    const standard = defaults[type as Rule["type"]];
    const given = typeof rule["parameters"] === "object" ? rule["parameters"] : {};
    const parameters = { ...standard, ...given };
    const bad = Object.entries(parameters).find(([name, value]) => refused.has(name) && value === true);
    if (bad !== undefined) throw githubError(501, `The sandbox enforces no "${bad[0]}"`);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the validator has seen to the rest
    return (standard === undefined ? { type } : { type, parameters }) as Rule;
  });
}
