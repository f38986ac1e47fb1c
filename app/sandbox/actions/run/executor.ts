import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { BuiltIn } from "#sandbox/actions/built-in/built-in.ts";
import { builtIns } from "#sandbox/actions/built-in/built-ins.ts";
import { githubPatience } from "#sandbox/actions/process/process-group.ts";
import type { Patience } from "#sandbox/actions/process/process-group.ts";
import { startWatchdog } from "#sandbox/actions/process/watchdog.ts";
import type { Watchdog } from "#sandbox/actions/process/watchdog.ts";
import { createFolderSource } from "#sandbox/actions/workflow/folder-source.ts";
import type { Source } from "#sandbox/actions/workflow/source.ts";
import { createCancellation } from "#sandbox/actions/queue/cancellation.ts";
import type { Cancellation } from "#sandbox/actions/queue/cancellation.ts";
import { createConcurrencyGroups } from "#sandbox/actions/queue/concurrency.ts";
import type { ConcurrencyGroups } from "#sandbox/actions/queue/concurrency.ts";
import type { Platform } from "./platform.ts";
import type { JobRecord, RunRecord } from "./run-record.ts";
import type { RunRequest } from "./run-request.ts";
import { runRun } from "./run-run.ts";
import { createSlots } from "#sandbox/actions/queue/slots.ts";
import type { Slots } from "#sandbox/actions/queue/slots.ts";

export type ExecutorSettings = {
  /** where machines, tools and logs of jobs live */
  folder: string;
  /** jobs at a time */
  maxJobs: number;
  patience: Patience;
  /** from a cancel until what still runs is killed */
  hardStopMs: number;
  /** owner/name → folder whose files stand for the repository at any ref; actions run from it in place */
  repositories: Readonly<Record<string, string>>;
  builtIns: Readonly<Record<string, BuiltIn>>;
  /** added to every step's environment and path: what this machine needs and GitHub's would bring */
  runnerEnv: Readonly<Record<string, string>>;
  runnerPath: readonly string[];
  logLimitBytes: number;
  keepWorkspaces: boolean;
};

/** What the parts of a run share. */
export type ExecutorParts = {
  platform: Platform;
  settings: ExecutorSettings;
  watchdog: Watchdog;
  /** begins the tracking id of every job */
  mark: string;
  slots: Slots;
  groups: ConcurrencyGroups;
  instant(): string;
  logPath(job: JobRecord): string;
  findSource(repository: string, ref: string): Promise<Source | undefined>;
  runChanged(run: RunRecord): void;
  jobChanged(run: RunRecord, job: JobRecord): void;
};

export type Executor = {
  /** Queues a run and answers its record; all that follows is told to the platform. */
  start(request: RunRequest): RunRecord;
  /** Resolves with the record once the run is completed; at once for a run that is not under way. */
  completed(run: number): Promise<void>;
  /** false: no such run is under way. */
  cancel(run: number, how: "cancel" | "force", reason?: string): boolean;
  /** Resolves when nothing is queued or running. */
  idle(): Promise<void>;
  /** Kills what runs and lets go of everything. */
  stop(): Promise<void>;
  logPath(job: JobRecord): string;
};

export function createExecutor(platform: Platform, settings: Partial<ExecutorSettings> & { folder: string }): Executor {
  const full: ExecutorSettings = {
    maxJobs: 2,
    patience: githubPatience,
    hardStopMs: 5 * 60_000,
    repositories: {},
    runnerEnv: {},
    runnerPath: [],
    logLimitBytes: 64 * 1024 * 1024,
    keepWorkspaces: false,
    ...settings,
    builtIns: { ...builtIns, ...settings.builtIns },
  };
  const mark = `sandbox_${randomUUID()}`;
  const underWay = new Map<number, { cancellation: Cancellation; done: Promise<void> }>();
  let watchdog: Watchdog | undefined;
  let stopped = false;
  const parts: ExecutorParts = {
    platform,
    settings: full,
    get watchdog() {
      return (watchdog ??= startWatchdog(mark));
    },
    mark,
    slots: createSlots(full.maxJobs),
    groups: createConcurrencyGroups(),
    instant: () =>
      platform
        .now()
        .toISOString()
        .replace(/\.\d+Z$/, "Z"),
    logPath: (job) => join(full.folder, "logs", String(job.run), `${job.id}.log`),
    findSource(repository, ref) {
      const folder = full.repositories[repository];
      return folder === undefined
        ? platform.source(repository, ref)
        : Promise.resolve(createFolderSource(repository, folder, ref));
    },
    runChanged(run) {
      run.updatedAt = parts.instant();
      platform.onRun(structuredClone(run));
    },
    jobChanged: (run, job) => platform.onJob(structuredClone(run), structuredClone(job)),
  };
  return {
    start(request) {
      const cancellation = createCancellation();
      const { record, done } = runRun(parts, request, cancellation);
      const ended = done.finally(() => underWay.delete(record.id));
      underWay.set(record.id, { cancellation, done: ended });
      if (stopped) cancellation.request("force", "the sandbox was stopped");
      return structuredClone(record);
    },
    async completed(run) {
      await underWay.get(run)?.done;
    },
    cancel(run, how, reason = "The run was canceled.") {
      underWay.get(run)?.cancellation.request(how, reason);
      return underWay.has(run);
    },
    async idle() {
      while (underWay.size > 0) await Promise.all([...underWay.values()].map(({ done }) => done));
    },
    async stop() {
      stopped = true;
      for (const { cancellation } of underWay.values()) {
        cancellation.request("force", "the sandbox was stopped");
      }
      await this.idle();
      watchdog?.close();
    },
    logPath: (job) => parts.logPath(job),
  };
}
