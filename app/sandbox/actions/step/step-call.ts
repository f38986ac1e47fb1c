import type { Cancellation } from "#sandbox/actions/queue/cancellation.ts";
import type { Scope } from "#sandbox/actions/expression/evaluate.ts";
import type { JobState, StepPlace } from "./job-state.ts";

/** One step about to run. */
export type StepCall = {
  state: JobState;
  place: StepPlace;
  /** its id, or the one the runner gives */
  name: string;
  /** of the workflow, the job, GITHUB_ENV, the enclosing action and the step itself */
  env: Readonly<Record<string, string>>;
  /** of the step itself */
  ownEnv: Readonly<Record<string, string>>;
  scope: Scope;
  cancellation: Cancellation;
};
