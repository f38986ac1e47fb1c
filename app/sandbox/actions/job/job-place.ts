import { evaluateTexts } from "#sandbox/actions/expression/evaluate-template.ts";
import { annotate } from "#sandbox/actions/step/handle-output.ts";
import type { JobState, StepPlace } from "#sandbox/actions/step/job-state.ts";
import { scopeOf } from "#sandbox/actions/step/step-scope.ts";
import type { StepsJob } from "./job-task.ts";

/** The place of a job's own steps. */
export function jobPlace(state: JobState): StepPlace {
  return {
    kind: "job",
    source: state.source,
    steps: {},
    inputs: toRecord(state.contexts["inputs"]),
    env: {},
    action: undefined,
    status: "success",
    cancellation: state.cancellation,
  };
}

/** Evaluates a job's `outputs:`; those that hold a secret are left out, as on GitHub. */
export function jobOutputs(state: JobState, place: StepPlace, job: StepsJob): Record<string, string> {
  const outputs = evaluateTexts(job.outputs, scopeOf(state, place, state.env));
  for (const [name, value] of Object.entries(outputs)) {
    if (!state.log.holdsSecret(value)) continue;
    const message = `Skip output '${name}' since it may contain secret.`;
    state.log.line(`##[warning]${message}`);
    annotate(state, "warning", message);
    outputs[name] = "";
  }
  return outputs;
}

function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
