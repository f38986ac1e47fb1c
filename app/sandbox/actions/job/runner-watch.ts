import type { JobTask } from "./job-task.ts";

/** The machine is gone in the middle of a job: nothing more of it is run, post steps included. */
export class RunnerLost extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RunnerLost";
  }
}

/** Lets a test lose the runner of a job. */
export type RunnerWatch = {
  readonly isLost: boolean;
  /** Throws RunnerLost where the runner does not live to see this step. */
  begin(step: { name: string; number: number }): void;
  /** Throws RunnerLost where it was lost meanwhile. */
  demand(): void;
  /** Hears what the job says; may lose the runner, with all that runs on it. */
  hear(line: string): void;
};

export function watchRunner({ level, record, cancellation }: JobTask): RunnerWatch {
  const { platform } = level.executor;
  const kind = record.labels.includes("self-hosted") ? "self-hosted" : "hosted";
  const message =
    `The ${kind} runner lost communication with the server. Verify the machine is running and has a healthy network ` +
    "connection. Anything in your workflow that terminates the runner process, starves it for CPU/Memory, or blocks its " +
    "network access can cause this error.";
  let isLost = false;
  return {
    get isLost() {
      return isLost;
    },
    begin(step) {
      isLost ||= platform.losesRunner?.(record, { step }) === true;
      this.demand();
    },
    demand() {
      if (isLost) throw new RunnerLost(message);
    },
    hear(line) {
      if (isLost || platform.losesRunner?.(record, { line }) !== true) return;
      isLost = true;
      // whatever runs there is gone at once
      cancellation.request("force", message);
    },
  };
}
