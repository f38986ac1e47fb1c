import type { CheckRunRecord } from "#sandbox/forge/checks/check-run.ts";
import type { Repo } from "#sandbox/forge/contract.ts";
import { latestStatuses } from "#sandbox/forge/statuses/status-record.ts";

export type CommitContext = {
  context: string;
  state: "success" | "pending" | "failure";
  /** id of the app that said so; null: a status */
  app: number | null;
};

/** What commit statuses and check runs say of a commit, the newest of each name. */
export function contextsOfCommit(repo: Repo, sha: string): readonly CommitContext[] {
  const runs = repo
    .store<CheckRunRecord>("check-runs")
    .list()
    .filter((run) => run.head_sha === sha);
  const newest = new Map(runs.map((run) => [run.name, run]));
  return [
    ...latestStatuses(repo, sha).map(({ context, state }) => ({
      context,
      state: state === "error" ? ("failure" as const) : state,
      app: null,
    })),
    ...[...newest.values()].map((run) => ({ context: run.name, state: stateOf(run), app: run.app })),
  ];
}

function stateOf({ status, conclusion }: CheckRunRecord): CommitContext["state"] {
  if (status !== "completed") return "pending";
  return conclusion === "success" || conclusion === "neutral" || conclusion === "skipped" ? "success" : "failure";
}
