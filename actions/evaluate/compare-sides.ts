import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Comparison } from "#core/evidence.ts";
import type { Machine, Side } from "#core/machine.ts";
import type { ComparisonSpec, Failure, PlanRecord } from "#core/plan/plan-record.ts";
import type { Job } from "#actions/job.ts";
import type { Taken } from "./take-answers.ts";

/** Scores one comparison of the plan; what stands in its way goes to `failures`. */
export async function compareSides(
  job: Job,
  machine: Machine,
  plan: PlanRecord,
  spec: ComparisonSpec,
  taken: ReadonlyMap<string, Taken>,
  failures: Failure[],
): Promise<Comparison | undefined> {
  const exam = plan.evaluations.find(({ evaluation, model }) => evaluation === spec.evaluation && model === spec.model);
  if (exam === undefined)
    throw new Error(`The plan compares on an evaluation that it does not describe: ${spec.evaluation}`);
  const candidate = await findAnswers(job, spec.candidate, spec.evaluation, taken);
  const production = spec.production === null ? null : await findAnswers(job, spec.production, spec.evaluation, taken);
  const baseline = spec.baseline === null ? null : await findAnswers(job, spec.baseline, spec.evaluation, taken);
  if (candidate !== undefined && production !== undefined && baseline !== undefined) {
    try {
      return await machine.score(exam, spec, {
        candidate,
        production: production ?? undefined,
        baseline: baseline ?? undefined,
      });
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      failures.push(failureOf(spec, `"${spec.model}" could not be scored: ${because.slice(0, 2_000)}`));
      return undefined;
    }
  }
  if (!failures.some(({ model }) => model === spec.model)) {
    failures.push(failureOf(spec, `The predictions of "${spec.model}" can no longer be had: say /train`));
  }
  return undefined;
}

function failureOf({ model }: ComparisonSpec, message: string): Failure {
  return { model, task: "evaluate", phase: "evaluate", message, log: "" };
}

/** One side's predictions as a file, checked against what the record says; undefined where they cannot be had. */
async function findAnswers(
  job: Job,
  side: ComparisonSpec["candidate"],
  evaluation: string,
  taken: ReadonlyMap<string, Taken>,
): Promise<Side | undefined> {
  if (side.task !== null) {
    const from = taken.get(side.task);
    const subject = side.subject ?? from?.answers.artifact?.sha256;
    const answer = from?.answers.predictions.find((entry) => entry.evaluation === evaluation);
    if (from === undefined || subject === undefined || answer === undefined) return undefined;
    const file = join(from.folder, "predictions", `${evaluation}.${answer.format}`);
    return existsSync(file) ? { subject, file } : undefined;
  }
  if (side.predictions === null) return undefined;
  const folder = join(job.folder, "known", `${evaluation.slice(0, 16)}-${side.predictions.subject.slice(0, 16)}`);
  await mkdir(folder, { recursive: true });
  const [file] = (await job.ports.bytes.fetch(side.predictions.bytes, folder)) ?? [];
  return file === undefined ? undefined : { subject: side.predictions.subject, file: join(folder, file) };
}
