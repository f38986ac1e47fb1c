import { writeFile, mkdir, copyFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as core from "@actions/core";
import type { PredictionsRecord } from "#core/evidence.ts";
import type { Machine, Performed } from "#core/machine.ts";
import { parseCommitSha } from "#core/names.ts";
import type { Contents } from "#core/pointer/contents.ts";
import { reportRecordSchema, type PlanRecord, type ReportRecord, type Task } from "#core/plan/plan-record.ts";
import { runHere } from "#flow/plan/run-here.ts";
import { artifactNames, leaveArtifact } from "#actions/artifacts.ts";
import { openDataCache } from "#actions/cache/data-cache.ts";
import { planContents } from "#actions/contents/job-contents.ts";
import type { Job } from "#actions/job.ts";
import { jobMachine } from "#actions/job-machine.ts";
import { openObjects, type Objects } from "#actions/objects.ts";
import { notPerformed, performTask } from "#actions/perform-task.ts";
import { quoteOutput, say } from "#actions/say.ts";
import { taskOptions } from "#actions/task-options.ts";
import { retentionDays } from "#actions/train/retention-days.ts";
import { readSecrets } from "#actions/train/secrets.ts";
import { trainingOptions } from "#actions/train/training-options.ts";
import { fetchPredictions } from "#actions/evaluate/fetch-predictions.ts";

/**
 * Does on this one machine what the jobs prepare, train and evaluate do on three, and leaves the same behind: each model
 * as soon as it is trained, the predictions, and the report, which is a claim like any other.
 */
export async function performPlan(job: Job, plan: PlanRecord): Promise<void> {
  try {
    const report = await doAll(job, plan);
    await leaveReport(job, reportRecordSchema.parse(report));
    for (const failure of report.failures) core.error(`${failure.model}, ${failure.phase}: ${failure.message}`);
  } catch (error) {
    // What cannot be read is an error to whoever reports it: no machine was ever lost without a word.
    await leaveReport(job, { problem: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

async function doAll(job: Job, plan: PlanRecord): Promise<ReportRecord> {
  const objects = await openObjects(job, plan, filesOf(plan));
  const contents = planContents(job, plan, openDataCache(job));
  const kept = new Set<string>();
  try {
    return await runHere(plan, {
      machine: machineOf(job, plan, objects, contents),
      findFile: async (known) => await fetchPredictions(job, known),
      keepModel: async ({ key }) =>
        await Promise.resolve({ kind: "workflow-artifact", run: job.run, name: artifactNames.run(key), path: "model" }),
      keepPredictions: async (subject, answer) => await keepPredictions(job, subject, answer, kept),
      describeSource: () => ({ kind: "local", head: parseCommitSha(plan.head) }),
      runKey: `${job.run}-${job.attempt}`,
      onStep: say,
    });
  } finally {
    objects.close();
    await contents.close();
  }
}

async function leaveReport(job: Job, report: ReportRecord | { problem: string }): Promise<void> {
  const file = join(job.folder, "report.json");
  await writeFile(file, JSON.stringify(report));
  await leaveArtifact(artifactNames.report, job.folder, [file], { compress: true, days: 90, overwrite: true });
}

function filesOf(plan: PlanRecord): readonly { blob: string }[] {
  return [
    ...plan.tasks.flatMap(({ train, predict, sittings }) => [
      ...(train?.inputs ?? []),
      ...predict.inputs,
      ...sittings.flatMap(({ lookup }) => lookup),
    ]),
    ...plan.evaluations.flatMap(({ holdout, ignore }) => [...holdout, ...ignore]),
    ...plan.data.flatMap(({ data, before, holdout = [], references = [] }) => [
      ...data,
      ...before,
      ...holdout,
      ...references,
    ]),
  ];
}

/** A training gets the secrets of its own model, and no other one's. */
function machineOf(job: Job, plan: PlanRecord, objects: Objects, contents: Contents): Machine {
  const perform = async (task: Task, rows: ReadonlyMap<string, string>): Promise<Performed> => {
    try {
      const secrets = readSecrets(core.getInput("secrets"), task.train?.secrets ?? []);
      for (const value of Object.values(secrets)) core.setSecret(value);
      const options = taskOptions(job, objects.read, {
        secrets,
        contents,
        ...(await trainingOptions(job, plan, task)),
      });
      return await quoteOutput(() => performTask(options, task, rows));
    } catch (error) {
      return notPerformed(task, error);
    }
  };
  return { ...jobMachine(job, objects.read, { contents }), perform };
}

async function keepPredictions(
  job: Job,
  subject: string,
  { evaluation, format, file }: Performed["predictions"][number],
  kept: Set<string>,
): Promise<PredictionsRecord["bytes"]> {
  const name = artifactNames.answers(`${subject.slice(0, 16)}-${evaluation.slice(0, 16)}`);
  const path = `predictions/${evaluation}.${format}`;
  const folder = join(job.folder, name);
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await copyFile(file, join(folder, path));
  // two models may have one baseline and one holdout
  const overwrite = kept.has(name);
  kept.add(name);
  await leaveArtifact(name, folder, [join(folder, path)], { compress: true, days: retentionDays(), overwrite });
  return { kind: "workflow-artifact", run: job.run, name, path };
}
