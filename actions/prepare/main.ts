import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as core from "@actions/core";
import { annotateData } from "#core/expect/annotate-data.ts";
import { isBlocking } from "#core/expect/judge-expectation.ts";
import type { DataReport } from "#core/evidence.ts";
import type { Machine } from "#core/machine.ts";
import type { Failure, PlanRecord } from "#core/plan/plan-record.ts";
import { leaveIfStuck } from "#data/open-duckdb.ts";
import { artifactNames, leaveArtifact } from "#actions/artifacts.ts";
import { planContents } from "#actions/contents/job-contents.ts";
import { openJob } from "#actions/job.ts";
import { jobMachine } from "#actions/job-machine.ts";
import { openObjects } from "#actions/objects.ts";
import { answerMatrix, trainMatrix } from "./matrix.ts";
import { runAction } from "#actions/run-action.ts";
import { takePlan } from "#actions/take-plan.ts";
import { digestRows } from "./digest-rows.ts";

await runAction(async () => {
  const job = await openJob();
  const plan = await takePlan(job);
  const folder = join(job.folder, artifactNames.rows);
  await mkdir(folder, { recursive: true });
  const wanted = [
    ...plan.evaluations.flatMap(({ holdout }) => holdout),
    ...plan.data.flatMap(({ data, before, holdout = [], references = [] }) => [
      ...data,
      ...before,
      ...holdout,
      ...references,
    ]),
  ];
  const objects = await openObjects(job, plan, wanted);
  const contents = planContents(job, plan);
  const machine = jobMachine(job, objects.read, { contents });
  const failures: Failure[] = [];
  const made = new Map<string, string>();
  for (const spec of plan.evaluations) {
    const { evaluation, model } = spec;
    // oxlint-disable-next-line no-await-in-loop -- one evaluation in memory at a time
    const rows = await machine.prepareRows(spec);
    if (rows.kind === "failed")
      failures.push({ model, task: "prepare", phase: "data", message: rows.because.slice(0, 4_000), log: "" });
    else {
      const to = join(folder, evaluation, basename(rows.file));
      // oxlint-disable-next-line no-await-in-loop -- see above
      await mkdir(join(folder, evaluation), { recursive: true });
      // oxlint-disable-next-line no-await-in-loop -- see above
      await copyFile(rows.file, to);
      made.set(evaluation, to);
    }
  }
  const data = await checkAll(machine, plan, failures);
  objects.close();
  await contents.close();
  const record = join(folder, "data.json");
  await writeFile(record, JSON.stringify({ data, failures }));
  await leaveArtifact(artifactNames.rows, folder, [...made.values(), record], { compress: true });
  core.setOutput("rows", digestRows(folder));
  answer(plan, data, failures);
  leaveIfStuck(process.exitCode === 1 ? 1 : 0);
});

/** Checks every model's data. Data that cannot even be looked at is a failure of its model alone. */
async function checkAll(machine: Machine, plan: PlanRecord, failures: Failure[]): Promise<readonly DataReport[]> {
  const reports: DataReport[] = [];
  for (const spec of plan.data) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one model's data at a time
      reports.push(await machine.checkData(spec));
    } catch (error) {
      const message = `Its data could not be checked: ${error instanceof Error ? error.message : String(error)}`;
      failures.push({ model: spec.model, task: "prepare", phase: "data", message: message.slice(0, 4_000), log: "" });
    }
  }
  return reports;
}

/** What is not as expected becomes annotations, and the job fails; the models whose data is good are trained all the same. */
function answer(plan: PlanRecord, data: readonly DataReport[], failures: readonly Failure[]): void {
  const unmet = data.flatMap(({ model, expectations }) => expectations.filter(isBlocking).map(() => model));
  const bad = new Set([...failures.map(({ model }) => model), ...unmet]);
  const tasks = plan.tasks.filter(({ model }) => !bad.has(model));
  core.setOutput("tasks", JSON.stringify(trainMatrix(tasks)));
  core.setOutput("answers", JSON.stringify(answerMatrix(tasks)));
  const findings = failures.length + unmet.length;
  if (findings > 0) {
    const names = [...bad].map((model) => `"${model}"`).join(", ");
    core.setFailed(`The data of ${names} is not as expected (${findings} findings): nothing is trained on it`);
  }
  // the service shows the first ten of a step: what comes first is the worst
  for (const { model, message } of failures.slice(0, 10)) core.error(`${model}: ${message}`);
  for (const { level, title, message, path, line } of annotateData(data)) {
    const place = path === undefined || line === undefined ? {} : { file: path, startLine: line };
    (level === "failure" ? core.error : core.warning)(message, { title, ...place });
  }
}
