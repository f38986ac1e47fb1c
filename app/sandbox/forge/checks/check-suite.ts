import { type Forge, githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import type { Signature } from "#sandbox/forge/git/objects.ts";
import { nodeId } from "#sandbox/forge/present/account.ts";
import { presentApp } from "#sandbox/forge/present/app.ts";
import { presentRepositoryBriefly } from "#sandbox/forge/present/repository.ts";
import type { CheckConclusion, CheckRunRecord, CheckStatus } from "./check-run.ts";
import { presentPullsOf } from "./pulls-of-commit.ts";

/** Collection "check-suites": all check runs of one app on one commit; those of a workflow run have one of their own. */
export type CheckSuiteRecord = {
  id: number;
  head_sha: string;
  head_branch: string | null;
  /** id */
  app: number;
  /** the workflow run that it belongs to */
  run: number | null;
  /** that run waits for an approval */
  held?: boolean;
  created_at: string;
  updated_at: string;
};

/** The suite of an app on a commit, or of a workflow run; made if there is none. */
export async function openCheckSuite(
  forge: Forge,
  repo: Repo,
  wanted: { app: number; head_sha: string; run?: number; head_branch?: string | null },
): Promise<CheckSuiteRecord> {
  const { app, head_sha, run = null } = wanted;
  const suites = repo.store<CheckSuiteRecord>("check-suites");
  const find = (): CheckSuiteRecord | undefined =>
    suites.find((suite) => suite.app === app && suite.head_sha === head_sha && suite.run === run);
  const { head_branch = await branchAt(repo, head_sha) } = wanted;
  const now = forge.instant();
  return (
    find() ?? suites.add({ id: forge.nextId(), head_sha, head_branch, app, run, created_at: now, updated_at: now })
  );
}

async function branchAt(repo: Repo, sha: string): Promise<string | null> {
  const found = (await repo.git.refs("refs/heads/")).find((ref) => ref.sha === sha);
  return found?.name.slice("refs/heads/".length) ?? null;
}

/** Throws 404. */
export function findCheckSuite(repo: Repo, id: string | undefined): CheckSuiteRecord {
  const found = repo.store<CheckSuiteRecord>("check-suites").get(Number(id));
  if (found === undefined) throw githubError(404, "Not Found");
  return found;
}

export function runsOfSuite(repo: Repo, suite: number): CheckRunRecord[] {
  return repo
    .store<CheckRunRecord>("check-runs")
    .list()
    .filter((run) => run.suite === suite);
}

/** worst first */
const order: readonly CheckConclusion[] = [
  "failure",
  "timed_out",
  "cancelled",
  "action_required",
  "stale",
  "success",
  "neutral",
  "skipped",
];

/** What a suite's runs come to: the newest of each name counts, and the worst of them. */
export function judgeSuite(runs: readonly CheckRunRecord[]): {
  status: CheckStatus;
  conclusion: CheckConclusion | null;
} {
  const newest = [...new Map(runs.map((run) => [run.name, run])).values()];
  if (newest.length === 0) return { status: "queued", conclusion: null };
  if (newest.some((run) => run.status !== "completed")) {
    const isStarted = newest.some((run) => run.status === "in_progress" || run.status === "completed");
    return { status: isStarted ? "in_progress" : "queued", conclusion: null };
  }
  const conclusions = newest.map((run) => run.conclusion);
  return { status: "completed", conclusion: order.find((one) => conclusions.includes(one)) ?? "neutral" };
}

/** Schema "check-suite", also as `check_suite` in webhooks. */
export async function presentCheckSuite(forge: Forge, repo: Repo, suite: CheckSuiteRecord): Promise<JsonObject> {
  const url = `${forge.urls.api}/repos/${repo.fullName}/check-suites/${suite.id}`;
  const app = forge.app(suite.app);
  const runs = runsOfSuite(repo, suite.id);
  const commit = await repo.git.commit(suite.head_sha);
  const person = ({ name, email }: Signature): JsonObject => ({ name, email });
  return {
    id: suite.id,
    node_id: nodeId("CS", suite.id),
    head_branch: suite.head_branch,
    head_sha: suite.head_sha,
    ...(suite.held === true ? { status: "completed", conclusion: "action_required" } : judgeSuite(runs)),
    url,
    before: commit?.parents[0] ?? "0".repeat(40),
    after: suite.head_sha,
    pull_requests: presentPullsOf(forge, repo, suite.head_sha),
    app: app === undefined ? null : presentApp(forge, app),
    repository: presentRepositoryBriefly(forge, repo),
    created_at: suite.created_at,
    updated_at: suite.updated_at,
    latest_check_runs_count: runs.length,
    check_runs_url: `${url}/check-runs`,
    head_commit: {
      id: suite.head_sha,
      tree_id: commit?.tree ?? "",
      message: commit?.message ?? "",
      timestamp: new Date((commit?.committer.seconds ?? 0) * 1000).toISOString(),
      author: commit === undefined ? null : person(commit.author),
      committer: commit === undefined ? null : person(commit.committer),
    },
  };
}
