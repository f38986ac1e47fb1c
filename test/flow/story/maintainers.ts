import type { Sandbox } from "#cli/sandbox/start-sandbox.ts";
import type { JsonObject, Repo } from "#sandbox/forge/contract.ts";
import { here, owner } from "./repository-files.ts";

/** A ruleset in few words; GitHub's own words for rules. By default nobody bypasses it. */
export type Guard = {
  /** "refs/heads/trainyard", "refs/tags/*@v*", "~DEFAULT_BRANCH" */
  refs: readonly string[];
  rules: readonly JsonObject[];
  /** ids of apps that may do it all the same (github-actions is 15368) */
  apps?: readonly number[];
};

/** What those do who look after a repository. Each call returns once everything that came of it is done. */
export type MaintainerVerbs = {
  /** Adds a ruleset; answers its id. */
  guard(guard: Guard): Promise<number>;
  /** Has the default branch merged by a queue that asks for these checks. */
  useQueue(checks: readonly string[], parameters?: JsonObject): Promise<void>;
  /** Presses "Merge when ready": the pull request waits in the merge queue. */
  enqueue(pull: number, login?: string): Promise<void>;
  dequeue(pull: number, login?: string): Promise<void>;
  /** Presses "Re-run failed jobs" on the newest run that failed; answers its id. */
  rerunFailed(login?: string): Promise<number>;
  /** Labels an issue or pull request, or takes a label away. */
  label(issue: number, name: string, login?: string): Promise<void>;
  unlabel(issue: number, name: string, login?: string): Promise<void>;
  /** Reviews a pull request at its head. */
  review(pull: number, event: "APPROVE" | "REQUEST_CHANGES" | "COMMENT", login?: string): Promise<void>;
};

/** Lets people look after a repository. */
export function maintainers(sandbox: Sandbox, repo: Repo): MaintainerVerbs {
  const as = (login: string) => sandbox.person(login).octokit.rest;
  let guards = 0;
  const verbs: MaintainerVerbs = {
    async guard({ refs, rules, apps = [] }) {
      guards += 1;
      const { data } = await sandbox.person(owner).octokit.request("POST /repos/{owner}/{repo}/rulesets", {
        ...here,
        name: `guard ${guards}`,
        target: refs.some((ref) => ref.startsWith("refs/tags/")) ? "tag" : "branch",
        enforcement: "active",
        conditions: { ref_name: { include: [...refs], exclude: [] } },
        bypass_actors: apps.map((app) => ({ actor_id: app, actor_type: "Integration" as const })),
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the sandbox checks them by GitHub's description
        rules: [...rules] as never[],
      });
      return data.id;
    },
    async useQueue(checks, parameters = {}) {
      const queue = {
        check_response_timeout_minutes: 60,
        grouping_strategy: "ALLGREEN",
        max_entries_to_build: 5,
        max_entries_to_merge: 5,
        merge_method: "MERGE",
        min_entries_to_merge: 1,
        min_entries_to_merge_wait_minutes: 5,
        ...parameters,
      };
      const required_status_checks = checks.map((context) => ({ context }));
      await verbs.guard({
        refs: ["~DEFAULT_BRANCH"],
        rules: [
          { type: "merge_queue", parameters: queue },
          {
            type: "required_status_checks",
            parameters: { required_status_checks, strict_required_status_checks_policy: false },
          },
        ],
      });
    },
    async enqueue(pull, login = owner) {
      await sandbox.forge.enqueue(repo, pull, login);
      await sandbox.settle();
    },
    async dequeue(pull, login = owner) {
      await sandbox.forge.dequeue(repo, pull, login);
      await sandbox.settle();
    },
    async rerunFailed(login = owner) {
      const { actions } = as(login);
      const { data } = await actions.listWorkflowRunsForRepo({ ...here, status: "failure", per_page: 1 });
      const run_id = data.workflow_runs[0]?.id;
      if (run_id === undefined) throw new Error(`No run of "${repo.fullName}" has failed`);
      await actions.reRunWorkflowFailedJobs({ ...here, run_id });
      await sandbox.settle();
      return run_id;
    },
    async label(issue, name, login = owner) {
      await as(login).issues.addLabels({ ...here, issue_number: issue, labels: [name] });
      await sandbox.settle();
    },
    async unlabel(issue, name, login = owner) {
      await as(login).issues.removeLabel({ ...here, issue_number: issue, name });
      await sandbox.settle();
    },
    async review(pull, event, login = "ben") {
      await as(login).pulls.createReview({ ...here, pull_number: pull, event, body: "Looked at it" });
      await sandbox.settle();
    },
  };
  return verbs;
}
