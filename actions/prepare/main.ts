import { mkdir, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import * as core from "@actions/core";
import { parseEvaluateConfig, parseExpectations } from "#core/config/parse-crossing.ts";
import { failureSchema, type EvaluationSpec, type Failure, type PlanRecord } from "#core/plan/plan-record.ts";
import type { DataReport } from "#core/evidence.ts";
import { checkData } from "#data/check-data.ts";
import { writeRows } from "#data/write-rows.ts";
import { artifactNames, leaveArtifact, takePlan } from "../artifacts.ts";
import { openJob, runAction, type Job } from "../job.ts";
import { openObjects, type Objects } from "../objects.ts";
import { restoreRows, saveRows } from "./cache.ts";

await runAction(async () => {
  const job = await openJob();
  const plan = await takePlan(job);
  const folder = join(job.folder, artifactNames.rows);
  await mkdir(folder, { recursive: true });
  const failures: Failure[] = [];
  const restored = await restoreRows(folder, plan.evaluations);
  const missing = plan.evaluations.filter(({ evaluation }) => !restored.has(evaluation));
  const wanted = [...missing.flatMap(({ holdout }) => holdout), ...plan.data.flatMap(changedOnly)];
  const objects = await openObjects(job, plan, wanted);
  const files = [...restored.values()];
  for (const spec of missing) {
    // oxlint-disable-next-line no-await-in-loop -- one evaluation in memory at a time
    const made = await prepareRows(objects, spec, folder, failures);
    if (made !== undefined) files.push(made);
  }
  const data = await checkAll(objects, plan);
  await saveRows(missing, files);
  const record = join(folder, "data.json");
  await writeFile(record, JSON.stringify({ data, failures: failures.map((failure) => failureSchema.parse(failure)) }));
  await leaveArtifact(artifactNames.rows, folder, [...files, record], { compress: true });
  objects.close();
  report(job, data, failures);
});

/** The holdout without its label, in its own format. */
async function prepareRows(objects: Objects, spec: EvaluationSpec, folder: string, failures: Failure[]): Promise<string | undefined> {
  try {
    const holdout = await objects.asFiles(spec.holdout, spec.evaluation);
    const ending = extname(spec.holdout[0]?.path ?? "") === ".parquet" ? ".parquet" : ".csv";
    const out = join(folder, `${spec.evaluation}${ending}`);
    await writeRows({ evaluate: parseEvaluateConfig(spec.definitions), holdout, out });
    return out;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    failures.push({ model: spec.model, task: "prepare", phase: "data", message: message.slice(0, 4_000), log: "" });
    return undefined;
  }
}

/** Files that both versions hold are read for expectations, not for the difference. */
function changedOnly(spec: PlanRecord["data"][number]): PlanRecord["data"][number]["data"] {
  const before = new Set(spec.before.map(({ blob }) => blob));
  const after = new Set(spec.data.map(({ blob }) => blob));
  const gone = spec.before.filter(({ blob }) => !after.has(blob));
  const come = spec.data.filter(({ blob }) => !before.has(blob));
  return spec.expect.length > 0 ? [...spec.data, ...gone] : [...come, ...gone];
}

async function checkAll(objects: Objects, plan: PlanRecord): Promise<readonly DataReport[]> {
  const reports: DataReport[] = [];
  for (const spec of plan.data) {
    const name = `data-${spec.model}`;
    const wanted = new Map(changedOnly(spec).map((entry) => [`${entry.path}\0${entry.blob}`, entry]));
    // oxlint-disable-next-line no-await-in-loop -- one model's data at a time
    const files = await objects.asFiles([...wanted.values()], name);
    const byKey = new Map([...wanted.keys()].map((key, index) => [key, files[index]?.file]));
    const at = (entries: typeof spec.data) =>
      entries.map((entry) => ({ path: entry.path, blob: entry.blob, file: byKey.get(`${entry.path}\0${entry.blob}`) }));
    // oxlint-disable-next-line no-await-in-loop -- see above
    reports.push(await checkData({ model: spec.model, expect: parseExpectations(spec.expect), before: at(spec.before), after: at(spec.data) }));
  }
  return reports;
}

function report(job: Job, data: readonly DataReport[], failures: readonly Failure[]): void {
  for (const failure of failures) core.error(`${failure.model}: ${failure.message}`);
  for (const { model, expectations } of data) {
    for (const entry of expectations.filter(({ kind }) => kind !== "pass")) core.error(`${model}: ${entry.because}`);
  }
  const bad = failures.length + data.flatMap(({ expectations }) => expectations).filter(({ kind }) => kind !== "pass").length;
  if (bad > 0) core.setFailed(`The data is not as expected (${bad} findings): nothing is trained on it`);
  core.debug(`run ${job.run}`);
}
