import type { JobPermissions } from "#sandbox/actions/workflow/permissions.ts";
import type { Job } from "#sandbox/actions/workflow/workflow.ts";
import type { Cancellation } from "#sandbox/actions/queue/cancellation.ts";
import type { JobRecord } from "#sandbox/actions/run/run-record.ts";
import type { RunLevel } from "#sandbox/actions/run/run-level.ts";

export type StepsJob = Extract<Job, { kind: "steps" }>;

export type JobTask = {
  level: RunLevel;
  job: StepsJob;
  record: JobRecord;
  /** as in `scopeOf` a job: github, needs, strategy, matrix, inputs, vars */
  contexts: Record<string, unknown>;
  permissions: JobPermissions;
  cancellation: Cancellation;
  timeoutMs: number;
  /** number of the runner, from 1 */
  runner: number;
};

/** One job of a level about to run: its place in the matrix, what it sees, how it is ended. */
export type JobInstance<J extends Job = Job> = {
  level: RunLevel;
  job: J;
  /** "" or "#2" */
  keySuffix: string;
  contexts: Record<string, unknown>;
  cancellation: Cancellation;
  reuse: RunLevel["reuse"];
};
