import type { Cancellation } from "#sandbox/actions/queue/cancellation.ts";
import type { ExecutorParts } from "./executor.ts";
import type { WorkflowTree } from "./load-tree.ts";
import type { JobRecord, RunRecord } from "./run-record.ts";
import type { RunRequest } from "./run-request.ts";

/** One workflow of a run: the outermost, or one that a job calls. */
export type RunLevel = {
  executor: ExecutorParts;
  request: RunRequest;
  run: RunRecord;
  tree: WorkflowTree;
  /** "" outermost, else the names and keys of the calling jobs with their separators */
  namePrefix: string;
  keyPrefix: string;
  /** context `github`, the same at all levels */
  github: Readonly<Record<string, unknown>>;
  inputs: Readonly<Record<string, unknown>>;
  secrets: Readonly<Record<string, string>>;
  vars: Readonly<Record<string, string>>;
  cancellation: Cancellation;
  /** concurrency groups that the levels above hold */
  held: readonly string[];
  /** jobs of the attempt before that need not run again, by key */
  reuse: ReadonlyMap<string, JobRecord>;
};
