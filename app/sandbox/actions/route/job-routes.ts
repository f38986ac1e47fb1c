import { createReadStream, existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { zipSync } from "fflate";
import { paginate } from "#sandbox/forge/paginate.ts";
import { type Answer, type Context, type Forge, githubError } from "#sandbox/forge/contract.ts";
import { jobsOf } from "#sandbox/actions/link/run-store.ts";
import type { StoredJob, StoredRun } from "#sandbox/actions/link/run-store.ts";
import type { Runs } from "#sandbox/actions/link/runs.ts";
import { findRun } from "./find-run.ts";
import { presentJob } from "./present-job.ts";

/** Jobs and their logs. As on GitHub a log is behind a redirect, and there is none before the job has ended. */
export function addJobRoutes(forge: Forge, runs: Runs, logs: LogUrls): void {
  const read = { permission: { actions: "read" } } as const;
  const base = "/repos/{owner}/{repo}/actions";
  const list = (ctx: Context, run: StoredRun, jobs: readonly StoredJob[]): Promise<Answer> =>
    paginate(ctx, jobs, (job) => presentJob(forge, ctx.repo, run, job), "jobs");
  forge.route(`GET ${base}/runs/{run_id}/jobs`, {
    ...read,
    handler(ctx) {
      const run = findRun(ctx);
      const all = jobsOf(ctx.repo, run.id);
      return list(ctx, run, ctx.query["filter"] === "all" ? all : all.filter((job) => job.attempt === run.attempt));
    },
  });
  forge.route(`GET ${base}/runs/{run_id}/attempts/{attempt_number}/jobs`, {
    ...read,
    handler(ctx) {
      const run = findRun(ctx);
      const attempt = Number(ctx.params["attempt_number"]);
      return list(
        ctx,
        run,
        jobsOf(ctx.repo, run.id).filter((job) => job.attempt === attempt),
      );
    },
  });
  forge.route(`GET ${base}/jobs/{job_id}`, {
    ...read,
    handler(ctx) {
      const { run, job } = findJob(ctx);
      return { status: 200, body: presentJob(forge, ctx.repo, run, job) };
    },
  });
  forge.route(`GET ${base}/jobs/{job_id}/logs`, {
    ...read,
    handler(ctx) {
      const { job } = findJob(ctx);
      if (job.status !== "completed" || !existsSync(runs.logPath(job))) throw githubError(404, "Not Found");
      return { status: 302, headers: { location: logs.of(runs.logPath(job)) } };
    },
  });
  forge.route(`GET ${base}/runs/{run_id}/logs`, {
    ...read,
    async handler(ctx) {
      const run = findRun(ctx);
      const files: Record<string, Uint8Array> = {};
      for (const [index, job] of jobsOf(ctx.repo, run.id).entries()) {
        const path = runs.logPath(job);
        if (job.attempt !== run.attempt || !existsSync(path)) continue;
        files[`${index}_${job.name.replaceAll(/[^\w .()-]/g, "_")}.txt`] = await readFile(path);
      }
      if (Object.keys(files).length === 0) throw githubError(404, "Not Found");
      return { status: 302, headers: { location: await logs.zip(run.id, zipSync(files)) } };
    },
  });
}

function findJob(ctx: Pick<Context, "repo" | "params">): { run: StoredRun; job: StoredJob } {
  const job = ctx.repo.store<StoredJob>("workflow-jobs").get(Number(ctx.params["job_id"]));
  const run = job === undefined ? undefined : ctx.repo.store<StoredRun>("workflow-runs").get(job.run);
  if (job === undefined || run === undefined) throw githubError(404, "Not Found");
  return { run, job };
}

/** Where logs are read from, for a while. */
export type LogUrls = {
  /** of a file with plain text */
  of(path: string): string;
  zip(run: number, bytes: Uint8Array): Promise<string>;
};

/** Serves logs below a path of the forge. */
export function createLogUrls(forge: Forge, prefix: string): LogUrls {
  const paths = new Map<string, { path: string; type: string }>();
  const add = (path: string, type: string): string => {
    const id = crypto.randomUUID();
    paths.set(id, { path, type });
    return `${forge.urls.server}${prefix}${id}`;
  };
  forge.mount(prefix, (request, response) => {
    const found = paths.get((request.url ?? "").slice(prefix.length).split("?")[0] ?? "");
    request.resume();
    if (found === undefined || !existsSync(found.path)) {
      response.writeHead(404);
      response.end();
      return;
    }
    response.writeHead(200, { "content-type": found.type });
    createReadStream(found.path).pipe(response);
  });
  return {
    of: (path) => add(path, "text/plain; charset=utf-8"),
    async zip(run, bytes) {
      const key = `run-logs/${run}.zip`;
      await forge.files.put(key, bytes);
      return add(forge.files.path(key), "application/zip");
    },
  };
}
