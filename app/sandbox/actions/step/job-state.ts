import type { Cancellation } from "#sandbox/actions/queue/cancellation.ts";
import type { Platform } from "#sandbox/actions/run/platform.ts";
import type { JobRecord, RunRecord } from "#sandbox/actions/run/run-record.ts";
import type { RunRequest } from "#sandbox/actions/run/run-request.ts";
import type { Step } from "#sandbox/actions/workflow/workflow.ts";
import type { Source } from "#sandbox/actions/workflow/source.ts";
import type { JobLog } from "./job-log.ts";
import type { Patience, ProcessGroup } from "#sandbox/actions/process/process-group.ts";
import type { PreparedAction } from "#sandbox/actions/action/prepared-action.ts";
import type { ResolvedAction } from "#sandbox/actions/action/resolve-action.ts";
import type { Watchdog } from "#sandbox/actions/process/watchdog.ts";

export type StepContext = {
  outcome: "success" | "failure" | "cancelled" | "skipped";
  conclusion: "success" | "failure" | "cancelled" | "skipped";
  outputs: Record<string, string>;
};

/** A post step that waits for the end of its job. */
export type PostStep = { name: string; run(): Promise<StepContext["outcome"]> };

/** The machine of one job: folders that nobody else uses. */
export type Machine = {
  name: string;
  root: string;
  home: string;
  workspace: string;
  temp: string;
  toolCache: string;
  /** environment and path that the settings add to every step */
  env: Readonly<Record<string, string>>;
  path: readonly string[];
};

/** What one job knows while it runs; steps change it. */
export type JobState = {
  request: RunRequest;
  run: RunRecord;
  record: JobRecord;
  /** the workflow file that holds the job, for `$/` */
  source: Source;
  workflowPath: string;
  platform: Platform;
  machine: Machine;
  log: JobLog;
  cancellation: Cancellation;
  patience: Patience;
  watchdog: Watchdog;
  /** in the environment of every process of the job, by which strays are found */
  trackingId: string;
  tokens: { token: string; runtime: string };
  /** contexts that do not change: github, needs, strategy, matrix, inputs, secrets, vars */
  contexts: Record<string, unknown>;
  defaults: { shell: string | undefined; workingDirectory: string | undefined };
  /** environment of the workflow, the job and GITHUB_ENV */
  env: Record<string, string>;
  /** what GITHUB_PATH added, newest first */
  path: string[];
  status: "success" | "failure" | "cancelled";
  posts: PostStep[];
  processes: ProcessGroup[];
  resolve(uses: string, from: Source): Promise<ResolvedAction>;
  /** Runs one step, or skips it; never throws. Here because a composite action is steps within a step. */
  runStep(place: StepPlace, step: Step, name: string, prepared: PreparedAction | undefined): Promise<StepContext>;
  changed(): void;
};

/** Where a list of steps stands: the job itself, or a composite action in it. */
export type StepPlace = {
  kind: "job" | "composite";
  /** what `$/` means in the file that holds the steps */
  source: Source;
  steps: Record<string, StepContext>;
  inputs: Readonly<Record<string, unknown>>;
  /** environment that the `uses` step of the composite action passes in */
  env: Readonly<Record<string, string>>;
  action: { name: string; path: string; repository: string; ref: string } | undefined;
  /** of the composite action so far; a job has its own in the state */
  status: "success" | "failure" | "cancelled";
  /** ends these steps early */
  cancellation: Cancellation;
};
