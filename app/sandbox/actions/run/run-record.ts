import type { Problem } from "#sandbox/actions/workflow/workflow.ts";

export type Status = "queued" | "pending" | "waiting" | "in_progress" | "completed";
export type Conclusion = "success" | "failure" | "cancelled" | "skipped" | "startup_failure" | "action_required";

export type CalledWorkflow = {
  /** owner/name/path@ref */
  path: string;
  sha: string;
  ref: string;
};

/** One run of a workflow. Plain JSON; instants are ISO 8601 with seconds. */
export type RunRecord = {
  id: number;
  /** owner/name */
  repository: string;
  /** path of the workflow file */
  workflow: string;
  /** name of the workflow */
  name: string;
  title: string;
  event: string;
  /** what the run is about: the head of a pull request, not its test merge */
  headSha: string;
  headBranch: string | null;
  headRepository: string;
  /** GITHUB_SHA and GITHUB_REF */
  sha: string;
  ref: string;
  runNumber: number;
  attempt: number;
  actor: string;
  triggeringActor: string;
  pullRequests: readonly number[];
  status: Status;
  conclusion: Conclusion | null;
  /** why it failed at start */
  problems: readonly Problem[];
  /** reusable workflows it calls, at any depth */
  called: readonly CalledWorkflow[];
  createdAt: string;
  startedAt: string;
  updatedAt: string;
  seconds: number;
};

export type Annotation = {
  level: "notice" | "warning" | "failure";
  message: string;
  title: string | null;
  path: string | null;
  line: number | null;
};

export type StepRecord = {
  number: number;
  name: string;
  status: "queued" | "in_progress" | "completed";
  conclusion: "success" | "failure" | "cancelled" | "skipped" | null;
  startedAt: string | null;
  completedAt: string | null;
};

/** One job of a run's attempt. */
export type JobRecord = {
  id: number;
  run: number;
  attempt: number;
  /** ids from the outermost workflow inwards, the place in a matrix behind a `#`: "loop/train#1" */
  key: string;
  name: string;
  status: Status;
  conclusion: Exclude<Conclusion, "startup_failure" | "action_required"> | null;
  labels: readonly string[];
  /** number of the runner that took it */
  runner: number | null;
  /** `deployment: false` leaves no trace of it */
  environment: { name: string; url: string | null; deployment: boolean } | null;
  steps: StepRecord[];
  annotations: Annotation[];
  /** Markdown that steps wrote to GITHUB_STEP_SUMMARY; untrusted */
  summary: string;
  /** evaluated job outputs; untrusted */
  outputs: Readonly<Record<string, string>>;
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
  /** wall clock of this machine */
  seconds: number;
};

/** What other jobs see of a job, under `needs`. */
export type JobResult = {
  result: "success" | "failure" | "cancelled" | "skipped";
  outputs: Readonly<Record<string, string>>;
  /** it ran in this attempt, and is not taken over from the one before */
  fresh: boolean;
};
