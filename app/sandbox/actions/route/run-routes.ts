import { paginate } from "#sandbox/forge/paginate.ts";
import { type Answer, type Context, type Forge, githubError, type Repo } from "#sandbox/forge/contract.ts";
import { runsOf } from "#sandbox/actions/link/run-store.ts";
import type { StoredRun } from "#sandbox/actions/link/run-store.ts";
import type { Runs } from "#sandbox/actions/link/runs.ts";
import { findRun } from "./find-run.ts";
import { presentRun } from "./present-run.ts";

/** Runs: listed newest first with GitHub's filters, cancelled, run again. */
export function addRunRoutes(forge: Forge, runs: Runs): void {
  const read = { permission: { actions: "read" } } as const;
  const write = { permission: { actions: "write" } } as const;
  const base = "/repos/{owner}/{repo}/actions";
  forge.route(`GET ${base}/runs`, { ...read, handler: (ctx) => listRuns(ctx, runsOf(ctx.repo)) });
  forge.route(`GET ${base}/runs/{run_id}`, {
    ...read,
    handler: async (ctx) => ({ status: 200, body: await presentRun(forge, ctx.repo, findRun(ctx)) }),
  });
  forge.route(`GET ${base}/runs/{run_id}/attempts/{attempt_number}`, {
    ...read,
    async handler(ctx) {
      const run = findRun(ctx);
      const attempt = Number(ctx.params["attempt_number"]);
      const past = run.attempt === attempt ? run : await runs.pastAttempt(ctx.repo, run.id, attempt);
      if (past === undefined) throw githubError(404, "Not Found");
      return { status: 200, body: await presentRun(forge, ctx.repo, past) };
    },
  });
  for (const how of ["cancel", "force-cancel"] as const) {
    forge.route(`POST ${base}/runs/{run_id}/${how}`, {
      ...write,
      handler(ctx) {
        const run = findRun(ctx);
        const level = how === "cancel" ? ("cancel" as const) : ("force" as const);
        if (run.status === "completed" || !runs.cancel(run.id, level, `The run was canceled by @${ctx.login}.`)) {
          throw githubError(409, "Cannot cancel a workflow run that is completed.");
        }
        return { status: 202, body: {} };
      },
    });
  }
  for (const [path, failedOnly] of [
    ["rerun", false],
    ["rerun-failed-jobs", true],
  ] as const) {
    forge.route(`POST ${base}/runs/{run_id}/${path}`, {
      ...write,
      async handler(ctx) {
        const run = findRun(ctx);
        if (run.conclusion === "action_required") throw githubError(403, "This workflow run waits for an approval");
        if (run.status !== "completed") throw githubError(403, "This workflow is already running");
        await runs.again(ctx.repo, run, ctx.actor, failedOnly);
        return { status: 201, body: {} };
      },
    });
  }
}

/** One page of runs, newest first. */
export function listRuns(ctx: Context, all: readonly StoredRun[]): Promise<Answer> {
  const { actor, branch, event, status, head_sha, check_suite_id, created } = ctx.query;
  const wanted = all.filter(
    (run) =>
      (actor === undefined || run.actor.toLowerCase() === actor.toLowerCase()) &&
      (branch === undefined || run.headBranch === branch) &&
      (event === undefined || run.event === event) &&
      (status === undefined || run.status === status || run.conclusion === status) &&
      (head_sha === undefined || run.headSha === head_sha) &&
      (check_suite_id === undefined || String(run.checkSuite) === check_suite_id) &&
      (created === undefined || isCreated(run, created)),
  );
  const repo: Repo = ctx.repo;
  return paginate(ctx, wanted.toReversed(), (run) => presentRun(ctx.forge, repo, run), "workflow_runs");
}

/** GitHub's date search: `2026-01-01..2026-01-31`, `>=2026-01-01`, a day. */
function isCreated(run: StoredRun, query: string): boolean {
  const at = run.createdAt;
  const [from, to] = query.split("..");
  if (to !== undefined) return (from === "*" || at >= (from ?? "")) && (to === "*" || at.slice(0, to.length) <= to);
  const match = /^(>=|<=|>|<)?(.+)$/.exec(query);
  const day = match?.[2] ?? "";
  const short = at.slice(0, day.length);
  switch (match?.[1]) {
    case ">=":
      return short >= day;
    case "<=":
      return short <= day;
    case ">":
      return short > day;
    case "<":
      return short < day;
    default:
      return short === day;
  }
}
