import { type Context, type Forge, githubError } from "#sandbox/forge/contract.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import type { Permissions } from "#sandbox/forge/records.ts";
import { type CheckRunRecord, findCheckRun, presentAnnotation, presentCheckRun } from "./check-run.ts";
import { findCheckSuite, runsOfSuite } from "./check-suite.ts";
import { rerequestCheckRun } from "./click-check.ts";
import { createCheckRun, updateCheckRun, type WrittenCheckRun } from "./write-check-run.ts";

const all = "/repos/{owner}/{repo}/check-runs";
const one = `${all}/{check_run_id}`;
const writing = { permission: { checks: "write" } satisfies Permissions, appsOnly: true };
const reading = { permission: { checks: "read" } satisfies Permissions };

/** Check runs: written by apps and job tokens only. */
export function checkRoutes(forge: Forge): void {
  forge.route<WrittenCheckRun & { name: string; head_sha: string }>(`POST ${all}`, {
    ...writing,
    handler: async (ctx) => {
      const run = await createCheckRun(forge, ctx.repo, appOf(ctx), ctx.body, ctx.actor);
      return { status: 201, body: presentCheckRun(forge, ctx.repo, run) };
    },
  });
  forge.route<WrittenCheckRun>(`PATCH ${one}`, {
    ...writing,
    handler: async (ctx) => {
      const run = findCheckRun(ctx.repo, ctx.params["check_run_id"]);
      mustOwn(ctx, run);
      const changed = await updateCheckRun(forge, ctx.repo, run, ctx.body, ctx.actor);
      return { status: 200, body: presentCheckRun(forge, ctx.repo, changed) };
    },
  });
  forge.route(`GET ${one}`, {
    ...reading,
    handler: (ctx) => {
      const run = findCheckRun(ctx.repo, ctx.params["check_run_id"]);
      return { status: 200, body: presentCheckRun(forge, ctx.repo, run) };
    },
  });
  forge.route(`GET ${one}/annotations`, {
    ...reading,
    handler: (ctx) => {
      const run = findCheckRun(ctx.repo, ctx.params["check_run_id"]);
      return paginate(ctx, run.annotations, (annotation) => presentAnnotation(forge, ctx.repo, run, annotation));
    },
  });
  forge.route(`POST ${one}/rerequest`, {
    ...writing,
    handler: (ctx) => {
      const run = findCheckRun(ctx.repo, ctx.params["check_run_id"]);
      mustOwn(ctx, run);
      rerequestCheckRun(forge, ctx.repo, run, ctx.actor);
      return { status: 201, body: {} };
    },
  });
  forge.route("GET /repos/{owner}/{repo}/commits/{ref...}/check-runs", {
    ...reading,
    handler: async (ctx) => {
      const ref = ctx.params["ref"] ?? "";
      const sha = await ctx.repo.git.resolve(ref);
      if (sha === undefined) throw githubError(422, `No commit found for SHA: ${ref}`);
      const runs = ctx.repo
        .store<CheckRunRecord>("check-runs")
        .list()
        .filter((run) => run.head_sha === sha);
      return paginate(ctx, choose(ctx, runs), (run) => presentCheckRun(forge, ctx.repo, run), "check_runs");
    },
  });
  forge.route("GET /repos/{owner}/{repo}/check-suites/{check_suite_id}/check-runs", {
    ...reading,
    handler: (ctx) => {
      const suite = findCheckSuite(ctx.repo, ctx.params["check_suite_id"]);
      const runs = choose(ctx, runsOfSuite(ctx.repo, suite.id));
      return paginate(ctx, runs, (run) => presentCheckRun(forge, ctx.repo, run), "check_runs");
    },
  });
}

function appOf({ actor }: Context<unknown>): number {
  if (!("app" in actor)) throw githubError(403, "You must authenticate via a GitHub App.");
  return actor.app.id;
}

/** Throws 403 for a check run of another app. */
function mustOwn(ctx: Context<unknown>, run: CheckRunRecord): void {
  const app = appOf(ctx);
  if (app === run.app) return;
  throw githubError(
    403,
    `Invalid app_id \`${app}\` - check run can only be modified by the GitHub App that created it.`,
  );
}

/** What the query asks for, newest first; unless all are wanted, the newest of each name in its suite. */
function choose({ query }: Context<unknown>, runs: readonly CheckRunRecord[]): readonly CheckRunRecord[] {
  const { check_name: name, status, filter = "latest", app_id: app } = query;
  const newest = new Map(runs.map((run) => [`${run.suite} ${run.name}`, run]));
  return (filter === "all" ? runs : [...newest.values()])
    .filter(
      (run) =>
        (name === undefined || run.name === name) &&
        (status === undefined || run.status === status) &&
        (app === undefined || run.app === Number(app)),
    )
    .toSorted((a, b) => b.id - a.id);
}
