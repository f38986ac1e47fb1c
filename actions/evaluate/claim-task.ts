import type { PredictionsRecord, RunRecord } from "#core/evidence.ts";
import { subjectOfTask, type PlanRecord, type Task } from "#core/plan/plan-record.ts";
import { artifactNames } from "#actions/artifacts.ts";
import type { Job } from "#actions/job.ts";
import type { Taken } from "./take-answers.ts";

/** What was trained, as claimed; whoever records it decides where it ran and whether it counts. */
export function claimRun(job: Job, plan: PlanRecord, task: Task, taken: Taken | undefined): RunRecord[] {
  const trained = taken?.answers.trained;
  const artifact = taken?.answers.artifact;
  if (
    task.train === null ||
    task.recipe === null ||
    trained === null ||
    trained === undefined ||
    artifact === null ||
    artifact === undefined
  )
    return [];
  return [
    {
      schema: "trainyard/run/1",
      key: `${job.run}-${job.attempt}`,
      recipe: task.recipe,
      model: task.model,
      artifact,
      bytes: { kind: "workflow-artifact", run: job.run, name: artifactNames.run(task.key), path: "model" },
      inputs: task.train.inputs,
      parameters: trained.parameters,
      series: trained.series,
      durationMs: trained.durationMs,
      ...(trained.resumedFrom === undefined ? {} : { resumedFrom: trained.resumedFrom }),
      runsOn: trained.runsOn,
      counts: false,
      source: {
        kind: "workflow",
        run: job.run,
        attempt: job.attempt,
        event: process.env["GITHUB_EVENT_NAME"] ?? "",
        head: plan.head,
        pull: plan.pull,
        fork: false,
        workflow: { path: "", blob: null },
      },
      at: trained.at,
    },
  ];
}

/** What it answered, and where that lies. */
export function claimPredictions(job: Job, task: Task, taken: Taken | undefined): PredictionsRecord[] {
  const subject = subjectOfTask(task, taken?.answers.artifact?.sha256);
  if (taken === undefined || subject === undefined) return [];
  return taken.answers.predictions.map((answer) => ({
    schema: "trainyard/predictions/1",
    evaluation: answer.evaluation,
    subject,
    sha256: answer.sha256,
    size: answer.size,
    format: answer.format,
    bytes: {
      kind: "workflow-artifact",
      run: job.run,
      name: artifactNames.answers(task.key),
      path: `predictions/${answer.evaluation}.${answer.format}`,
    },
  }));
}
