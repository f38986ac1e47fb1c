import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as core from "@actions/core";
import type { Performed } from "#core/machine.ts";
import type { PlanRecord, Task } from "#core/plan/plan-record.ts";
import { artifactNames, leaveArtifact, takeArtifact } from "#actions/artifacts.ts";
import { openJob, type Job } from "#actions/job.ts";
import { runAction } from "#actions/run-action.ts";
import { openObjects } from "#actions/objects.ts";
import { notPerformed, performTask } from "#actions/perform-task.ts";
import { quoteOutput, say } from "#actions/say.ts";
import { taskOptions } from "#actions/task-options.ts";
import { takePlan } from "#actions/take-plan.ts";
import { answersSchema, type Answers } from "./answers.ts";
import { retentionDays } from "./retention-days.ts";
import { readSecrets } from "./secrets.ts";

await runAction(async () => {
  const job = await openJob();
  const key = core.getInput("task", { required: true });
  const plan = await takePlan(job);
  const task = plan.tasks.find((entry) => entry.key === key);
  if (task === undefined) throw new Error(`The plan of this run has no task "${key}"`);
  const done = await perform(job, plan, task).catch((error: unknown) => notPerformed(task, error));
  await leaveAnswers(job, task, done);
  for (const note of done.notes) core.notice(note);
  for (const failure of done.failures) core.error(`${failure.model}, ${failure.phase}: ${failure.message}`);
  if (done.failures.length > 0) core.setFailed(done.failures[0]?.message ?? "The task failed");
});

async function perform(job: Job, plan: PlanRecord, task: Task): Promise<Performed> {
  const entries = [
    ...(task.train?.inputs ?? []),
    ...task.predict.inputs,
    ...task.sittings.flatMap(({ lookup }) => lookup),
  ];
  const objects = await openObjects(job, plan, entries);
  const secrets = readSecrets(core.getInput("secrets"), task.train?.secrets ?? []);
  for (const value of Object.values(secrets)) core.setSecret(value);
  const options = taskOptions(job, objects.read, {
    secrets,
    onModel: async (_, { artifact, folder }) => {
      const files = artifact.files.map(({ path }) => join(folder, path));
      await leaveArtifact(artifactNames.run(task.key), folder, files, { compress: false, days: retentionDays() });
      say(`Trained: sha256:${artifact.sha256}, ${artifact.size} bytes`);
    },
  });
  try {
    const rows = await takeRows(job);
    return await quoteOutput(() => performTask(options, task, rows));
  } finally {
    objects.close();
  }
}

/** Rows without labels by evaluation, as the job `prepare` left them. */
async function takeRows(job: Job): Promise<ReadonlyMap<string, string>> {
  const folder = await takeArtifact(job, artifactNames.rows);
  if (folder === undefined) return new Map();
  const files = await readdir(folder, { recursive: true });
  return new Map(
    files.flatMap((path) => {
      const match = /^([0-9a-f]{64})[/\\]rows\.[a-z.]+$/.exec(path);
      return match?.[1] === undefined ? [] : [[match[1], join(folder, path)]];
    }),
  );
}

async function leaveAnswers(job: Job, task: Task, done: Performed): Promise<void> {
  const answers: Answers = {
    schema: "trainyard/answers/1",
    task: task.key,
    artifact: done.artifact ?? null,
    trained: done.trained ?? null,
    predictions: done.predictions.map(({ evaluation, sha256, size, format }) => ({ evaluation, sha256, size, format })),
    failures: [...done.failures],
  };
  const folder = join(job.folder, "answers");
  await mkdir(join(folder, "predictions"), { recursive: true });
  const file = join(folder, "answers.json");
  await writeFile(file, JSON.stringify(answersSchema.parse(answers)));
  const files = [file];
  for (const { evaluation, format, file: from } of done.predictions) {
    const to = join(folder, "predictions", `${evaluation}.${format}`);
    // oxlint-disable-next-line no-await-in-loop -- one or two files
    await copyFile(from, to);
    files.push(to);
  }
  await leaveArtifact(artifactNames.answers(task.key), folder, files, { compress: true, days: retentionDays() });
}
