import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Side } from "#core/machine.ts";
import { subjectOfTask, type ComparisonSpec, type PlanRecord } from "#core/plan/plan-record.ts";
import type { Job } from "#actions/job.ts";
import { fetchPredictions } from "./fetch-predictions.ts";
import type { Taken } from "./take-answers.ts";

/** One side's predictions as a file, checked against what the record says; undefined where they cannot be had. */
export async function findAnswers(
  job: Job,
  { tasks }: PlanRecord,
  side: ComparisonSpec["candidate"],
  evaluation: string,
  taken: ReadonlyMap<string, Taken>,
): Promise<Side | undefined> {
  if (side.task !== null) {
    const from = taken.get(side.task);
    const task = tasks.find(({ key }) => key === side.task);
    const subject = task === undefined ? undefined : subjectOfTask(task, from?.answers.artifact?.sha256);
    const answer = from?.answers.predictions.find((entry) => entry.evaluation === evaluation);
    if (from === undefined || subject === undefined || answer === undefined) return undefined;
    const file = join(from.folder, "predictions", `${evaluation}.${answer.format}`);
    return existsSync(file) ? { subject, file } : undefined;
  }
  if (side.predictions === null) return undefined;
  const file = await fetchPredictions(job, side.predictions);
  return file === undefined ? undefined : { subject: side.predictions.subject, file };
}
