import { evaluateText } from "#sandbox/actions/expression/evaluate-template.ts";
import type { JobState, StepPlace } from "#sandbox/actions/step/job-state.ts";
import { prepareActions } from "#sandbox/actions/action/prepared-action.ts";
import { runPre } from "#sandbox/actions/action/run-pre.ts";
import { sayError } from "#sandbox/actions/step/run-step.ts";
import { scopeOf } from "#sandbox/actions/step/step-scope.ts";
import type { Step } from "#sandbox/actions/workflow/workflow.ts";
import { jobOutputs, jobPlace } from "./job-place.ts";
import type { JobTask } from "./job-task.ts";
import type { RunnerWatch } from "./runner-watch.ts";
import type { StepRecord } from "#sandbox/actions/run/run-record.ts";

type StepEnd = NonNullable<StepRecord["conclusion"]>;

/** Runs what a job consists of: set-up, `pre` stages, steps, `post` stages in reverse. Leaves the outputs in the record. */
export async function runJobSteps(task: JobTask, state: JobState, watch: RunnerWatch): Promise<void> {
  const { job, record } = task;
  const place = jobPlace(state);
  const recorded = async (name: string, run: () => Promise<StepEnd>): Promise<void> => {
    const number = record.steps.length + 1;
    watch.begin({ name, number });
    const step: StepRecord = {
      number,
      name,
      status: "in_progress",
      conclusion: null,
      startedAt: task.level.executor.instant(),
      completedAt: null,
    };
    record.steps.push(step);
    state.changed();
    const conclusion = await run();
    // a step that its runner did not outlive never ends, as GitHub shows it
    watch.demand();
    step.conclusion = conclusion;
    step.status = "completed";
    step.completedAt = task.level.executor.instant();
  };

  let prepared: Awaited<ReturnType<typeof prepareActions>> = new Map();
  await recorded("Set up job", async () => {
    state.log.line(`Job ${record.name} of run ${state.run.id}, attempt ${record.attempt}`);
    try {
      prepared = await prepareActions(
        job.steps,
        (uses) => state.resolve(uses, state.source),
        (action) => (uses) => state.resolve(uses, action.source),
      );
      return "success";
    } catch (error) {
      sayError(state, error);
      state.status = "failure";
      return "failure";
    }
  });
  if (state.status === "success") {
    await runPre(
      prepared,
      (step) => callBefore(state, place, step),
      (name, run) =>
        recorded(name, async () => {
          try {
            await run();
            return "success";
          } catch (error) {
            sayError(state, error);
            state.status = "failure";
            return "failure";
          }
        }),
    );
    for (const [index, step] of job.steps.entries()) {
      await recorded(nameOf(state, place, step), async () => {
        const name = step.id ?? (step.kind === "run" ? `__run_${index + 1}` : `__${index + 1}`);
        return (await state.runStep(place, step, name, prepared.get(step))).conclusion;
      });
    }
    for (let post = state.posts.pop(); post !== undefined; post = state.posts.pop()) {
      const { name, run } = post;
      await recorded(name, async () => {
        try {
          return await run();
        } catch (error) {
          sayError(state, error);
          if (state.status === "success") state.status = "failure";
          return "failure";
        }
      });
    }
  }
  record.outputs = jobOutputs(state, place, job);
  const { environment } = record;
  if (environment !== null && environment.url === null && task.job.environment?.kind === "map") {
    const url = task.job.environment.entries.find((entry) => entry.key === "url")?.value;
    if (url !== undefined) {
      environment.url = evaluateText(url, scopeOf(state, place, state.env)) || null;
    }
  }
  await recorded("Complete job", () => Promise.resolve("success"));
}

function callBefore(state: JobState, place: StepPlace, step: Step) {
  const scope = scopeOf(state, place, state.env);
  const name = step.id ?? "__pre";
  return { state, place, name, env: state.env, ownEnv: {}, scope, cancellation: state.cancellation };
}

function nameOf(state: JobState, place: StepPlace, step: Step): string {
  const scope = scopeOf(state, place, state.env);
  const unnamed = step.kind === "uses" ? `Run ${step.uses}` : "Run a script";
  try {
    const script = step.kind === "run" ? `Run ${evaluateText(step.run, scope).trim().split("\n")[0] ?? ""}` : unnamed;
    return state.log.masked(evaluateText(step.name, scope) || script);
  } catch {
    // The step will say what is wrong when it runs.
    return unnamed;
  }
}
