import { mkdir, readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as core from "@actions/core";
import * as z from "zod";
import { dataReportSchema, type Comparison, type PredictionsRecord, type RunRecord } from "#core/evidence.ts";
import {
  failureSchema,
  reportRecordSchema,
  type ComparisonSpec,
  type Failure,
  type PlanRecord,
  type ReportRecord,
  type Task,
} from "#core/plan/plan-record.ts";
import type { Machine, Side } from "#core/machine.ts";
import { artifactNames, leaveArtifact, takeArtifact, takePlan } from "#actions/artifacts.ts";
import { openJob, type Job } from "#actions/job.ts";
import { runAction } from "#actions/run-action.ts";
import { jobMachine } from "#actions/job-machine.ts";
import { openObjects } from "#actions/objects.ts";
import { answersSchema, type Answers } from "#actions/train/answers.ts";
import { say } from "#actions/say.ts";

type Taken = { answers: Answers; folder: string };

const dataRecord = z.strictObject({ data: z.array(dataReportSchema), failures: z.array(failureSchema) });

await runAction(async () => {
  const job = await openJob();
  const plan = await takePlan(job);
  const taken = new Map<string, Taken>();
  const failures: Failure[] = [];
  for (const task of plan.tasks) {
    // oxlint-disable-next-line no-await-in-loop -- a few small artifacts
    const answers = await takeAnswers(job, task);
    if (answers === undefined) failures.push(lost(task));
    else {
      taken.set(task.key, answers);
      failures.push(...answers.answers.failures);
    }
  }
  const { data, dataFailures } = await takeData(job);
  failures.push(...dataFailures);
  const runs = plan.tasks.flatMap((task) => describeRun(job, plan, task, taken.get(task.key)));
  const predictions = plan.tasks.flatMap((task) => describePredictions(job, task, taken.get(task.key)));
  const entries = plan.evaluations.flatMap(({ holdout, ignore }) => [...holdout, ...ignore]);
  const objects = await openObjects(job, plan, entries);
  const machine = jobMachine(job, objects.read);
  const comparisons: Comparison[] = [];
  for (const spec of plan.comparisons) {
    // oxlint-disable-next-line no-await-in-loop -- one comparison in memory at a time
    const comparison = await compare(job, machine, plan, spec, taken, failures);
    if (comparison !== undefined) comparisons.push(comparison);
  }
  objects.close();
  const report: ReportRecord = {
    schema: "trainyard/report/1",
    nonce: plan.nonce,
    pull: plan.pull,
    head: plan.head,
    runs,
    predictions,
    comparisons,
    data,
    failures: failures.slice(0, 400),
  };
  const file = join(job.folder, "report.json");
  await writeFile(file, JSON.stringify(reportRecordSchema.parse(report)));
  await leaveArtifact(artifactNames.report, job.folder, [file], { compress: true, days: 90 });
  for (const failure of failures) core.error(`${failure.model}, ${failure.phase}: ${failure.message}`);
  for (const { evaluation, units, unitName, error } of comparisons)
    say(error ?? `${evaluation.slice(0, 12)}: compared on ${units} ${unitName}`);
});

async function takeAnswers(job: Job, task: Task): Promise<Taken | undefined> {
  const folder = await takeArtifact(job, artifactNames.answers(task.key));
  if (folder === undefined) return undefined;
  const answers = answersSchema.safeParse(JSON.parse(await readFile(join(folder, "answers.json"), "utf8"))).data;
  return answers === undefined ? undefined : { answers, folder };
}

async function takeData(job: Job): Promise<{ data: ReportRecord["data"]; dataFailures: readonly Failure[] }> {
  const folder = await takeArtifact(job, artifactNames.rows);
  if (folder === undefined) return { data: [], dataFailures: [] };
  const { data, failures } = dataRecord.parse(JSON.parse(await readFile(join(folder, "data.json"), "utf8")));
  return { data, dataFailures: failures };
}

function lost(task: Task): Failure {
  const phase = task.train === null ? "predict" : "train";
  return {
    model: task.model,
    task: task.key,
    phase,
    message: `The job of "${task.key}" left no answer: it was cancelled, lost its machine, or never started. Say /train to try again`,
    log: "",
  };
}

/** What was trained, as claimed; whoever records it decides where it ran and whether it counts. */
function describeRun(job: Job, plan: PlanRecord, task: Task, taken: Taken | undefined): RunRecord[] {
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
      bytes: { kind: "workflow-artifact", run: job.run, name: artifactNames.run(task.key), path: "" },
      inputs: task.train.inputs,
      parameters: trained.parameters,
      series: trained.series,
      durationMs: trained.durationMs,
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

function describePredictions(job: Job, task: Task, taken: Taken | undefined): PredictionsRecord[] {
  const subject = task.role === "baseline" ? task.subject : taken?.answers.artifact?.sha256;
  if (taken === undefined || subject === undefined || subject === null) return [];
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

async function compare(
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
    return await machine.score(exam, spec, {
      candidate,
      production: production ?? undefined,
      baseline: baseline ?? undefined,
    });
  }
  if (!failures.some(({ model }) => model === spec.model)) {
    failures.push({
      model: spec.model,
      task: "evaluate",
      phase: "evaluate",
      message: `The predictions of "${spec.model}" can no longer be had: say /train`,
      log: "",
    });
  }
  return undefined;
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
