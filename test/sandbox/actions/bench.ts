import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createExecutor } from "#sandbox/actions/run/executor.ts";
import type { ExecutorSettings } from "#sandbox/actions/run/executor.ts";
import type { Platform } from "#sandbox/actions/run/platform.ts";
import type { JobRecord, RunRecord } from "#sandbox/actions/run/run-record.ts";
import type { JobPermissions } from "#sandbox/actions/workflow/permissions.ts";
import type { RunRequest } from "#sandbox/actions/run/run-request.ts";
import { createFolderSource } from "#sandbox/actions/workflow/folder-source.ts";

export type Bench = {
  folder: string;
  /** the repository's folder */
  files: string;
  events: string[];
  /** what the token of each job may do, by the job's name */
  permissions: Map<string, JobPermissions>;
  start(more?: Partial<RunRequest>): RunRecord;
  cancel(run: number, how?: "cancel" | "force"): boolean;
  /** Resolves when a job of this name has this status. */
  until(name: string, status: string): Promise<JobRecord>;
  idle(): Promise<void>;
  run(id: number): RunRecord;
  jobs(run: number): JobRecord[];
  job(name: string): JobRecord;
  log(name: string): string;
  stop(): Promise<void>;
};

/** An executor on a folder of files, without a forge. */
export function createBench(files: Readonly<Record<string, string>>, settings: Partial<ExecutorSettings> = {}): Bench {
  const folder = mkdtempSync(join(tmpdir(), "actions-bench-"));
  const repository = join(folder, "repository");
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), content);
  }
  const runs = new Map<number, RunRecord>();
  const jobs = new Map<number, JobRecord>();
  const events: string[] = [];
  const permissions = new Map<string, JobPermissions>();
  const watchers = new Set<() => void>();
  let id = 0;
  const platform: Platform = {
    now: () => new Date(),
    nextId: () => ++id,
    urls: {
      server: "https://github.com",
      api: "http://127.0.0.1:1",
      results: undefined,
      git: "http://127.0.0.1:1",
    },
    source: (name, ref) =>
      Promise.resolve(name === "acme/shop" ? createFolderSource(name, repository, ref) : undefined),
    home: () => ({ kind: "folder", folder: repository }),
    issueTokens(_request, _run, job, granted) {
      permissions.set(job.name, granted);
      return { token: `ghs_token_of_job_${job.id}`, runtime: `runtime_of_job_${job.id}` };
    },
    revokeToken() {},
    onRun(run) {
      runs.set(run.id, run);
      events.push(`run ${run.status}${run.conclusion === null ? "" : ` ${run.conclusion}`}`);
    },
    onJob(_run, job) {
      const before = jobs.get(job.id);
      jobs.set(job.id, job);
      if (before?.status !== job.status) events.push(`${job.name} ${job.conclusion ?? job.status}`);
      for (const watcher of watchers) watcher();
    },
  };
  const executor = createExecutor(platform, {
    folder: join(folder, "runner"),
    patience: { interruptMs: 300, terminateMs: 300 },
    ...settings,
  });
  const find = (name: string): JobRecord | undefined => [...jobs.values()].findLast((job) => job.name === name);
  let runNumber = 0;
  const bench: Bench = {
    folder,
    files: repository,
    events,
    permissions,
    start: (more = {}) =>
      executor.start({
        id: ++id,
        repository: { fullName: "acme/shop", id: 7, ownerId: 3, defaultBranch: "main" },
        source: createFolderSource("acme/shop", repository, "refs/heads/main"),
        workflow: ".github/workflows/ci.yml",
        event: { name: "push", payload: { ref: "refs/heads/main" } },
        sha: "1".repeat(40),
        ref: "refs/heads/main",
        headSha: "1".repeat(40),
        headBranch: "main",
        headRepository: "acme/shop",
        headRef: "",
        baseRef: "",
        refProtected: false,
        actor: { login: "ada", id: 1 },
        triggeringActor: { login: "ada", id: 1 },
        pullRequests: [],
        title: "a push",
        inputs: {},
        secrets: {},
        vars: {},
        environments: {},
        fromFork: false,
        runNumber: ++runNumber,
        attempt: 1,
        reuse: new Map(),
        ...more,
      }),
    cancel: (run, how = "cancel") => executor.cancel(run, how),
    until: (name, status) =>
      new Promise((resolve) => {
        const look = (): void => {
          const job = find(name);
          if (job?.status !== status) return;
          watchers.delete(look);
          resolve(job);
        };
        watchers.add(look);
        look();
      }),
    idle: () => executor.idle(),
    run: (run) => runs.get(run) ?? fail(`no run ${run}`),
    jobs: (run) => [...jobs.values()].filter((job) => job.run === run),
    job: (name) => find(name) ?? fail(`no job "${name}" among ${[...jobs.values()].map((job) => job.name).join(", ")}`),
    log: (name) => readFileSync(executor.logPath(bench.job(name)), "utf8"),
    async stop() {
      await executor.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return bench;
}

/** Runs a workflow to its end. */
export async function runWorkflow(bench: Bench, more: Partial<RunRequest> = {}): Promise<RunRecord> {
  const { id } = bench.start(more);
  await bench.idle();
  return bench.run(id);
}

function fail(message: string): never {
  throw new Error(message);
}
