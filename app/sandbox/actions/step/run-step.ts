import { evaluateCondition } from "#sandbox/actions/expression/evaluate.ts";
import { evaluateFlag, evaluateNumber, evaluateTexts } from "#sandbox/actions/expression/evaluate-template.ts";
import { longestTimerMs } from "#sandbox/actions/process/process-group.ts";
import type { Step } from "#sandbox/actions/workflow/workflow.ts";
import { annotate } from "./handle-output.ts";
import type { JobState, StepContext, StepPlace } from "./job-state.ts";
import type { PreparedAction } from "#sandbox/actions/action/prepared-action.ts";
import { runAction } from "#sandbox/actions/action/run-action.ts";
import { runScript } from "./run-script.ts";
import { StepFailure } from "./step-failure.ts";
import { scopeOf } from "./step-scope.ts";

/** Runs one step, or skips it, and leaves what came of it in its place's `steps`. Never throws. */
export async function runStep(
  state: JobState,
  place: StepPlace,
  step: Step,
  name: string,
  prepared: PreparedAction | undefined,
): Promise<StepContext> {
  const context = await tryStep(state, place, step, name, prepared);
  if (step.id !== undefined) place.steps[step.id] = context;
  if (context.conclusion === "failure" || context.conclusion === "cancelled") {
    if (place.status === "success") place.status = context.conclusion;
    if (place.kind === "job" && state.status === "success") state.status = context.conclusion;
  }
  return context;
}

async function tryStep(
  state: JobState,
  place: StepPlace,
  step: Step,
  name: string,
  prepared: PreparedAction | undefined,
): Promise<StepContext> {
  const outputs: Record<string, string> = {};
  const cancelledBefore = state.cancellation.level !== "none";
  let timer: NodeJS.Timeout | undefined;
  let keepsGoing = false;
  try {
    const outer = { ...state.env, ...place.env };
    const ownEnv = evaluateTexts(step.env, scopeOf(state, place, outer));
    const env = { ...outer, ...ownEnv };
    const scope = scopeOf(state, place, env);
    if (place.cancellation.level === "force" || !evaluateCondition(step.if, scope)) {
      return { outcome: "skipped", conclusion: "skipped", outputs };
    }
    keepsGoing = evaluateFlag(step.continueOnError, scope);
    // A running step is asked again when the job is cancelled: `if: always()` lets it go on. A step that was started
    // after the cancelling ends by force alone.
    const cancellation = place.cancellation.child(() => !cancelledBefore && !evaluateCondition(step.if, scope));
    const minutes = evaluateNumber(step.timeoutMinutes, scope);
    if (minutes !== undefined && minutes > 0) {
      timer = setTimeout(() => cancellation.request("cancel", "time-out"), Math.min(minutes * 60_000, longestTimerMs));
    }
    const call = { state, place, name: step.id ?? name, env, ownEnv, scope, cancellation };
    const given = step.kind === "run" ? await runScript(call, step) : await runAction(call, step, prepared);
    Object.assign(outputs, given);
    if (cancellation.level !== "none") {
      if (cancellation.reason === "time-out") {
        throw new Error(`The step "${name}" has timed out after ${minutes} minutes.`);
      }
      state.log.line("##[error]The operation was canceled.");
      return { outcome: "cancelled", conclusion: "cancelled", outputs };
    }
    return { outcome: "success", conclusion: "success", outputs };
  } catch (error) {
    if (error instanceof StepFailure) Object.assign(outputs, error.outputs);
    if (!(error instanceof StepFailure) || error.message !== "") sayError(state, error);
    return { outcome: "failure", conclusion: keepsGoing ? "success" : "failure", outputs };
  } finally {
    clearTimeout(timer);
  }
}

/** An error of a step goes to the log and becomes an annotation. */
export function sayError(state: JobState, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  state.log.line(`##[error]${message}`);
  annotate(state, "failure", message);
}
