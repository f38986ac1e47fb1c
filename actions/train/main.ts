import { mkdir, readdir, writeFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { basename, extname, join } from "node:path";
import * as core from "@actions/core";
import type { PlanRecord, Task } from "#core/plan/plan-record.ts";
import { commandEnvironment } from "#runner/command-environment.ts";
import { runTask, type TaskOutcome } from "#runner/run-task.ts";
import { artifactNames, leaveArtifact, takeArtifact, takePlan } from "../artifacts.ts";
import { openJob, runAction, type Job } from "../job.ts";
import { openObjects } from "../objects.ts";
import { readSecrets } from "./secrets.ts";
import { answersSchema, type Answers } from "./answers.ts";

await runAction(async () => {
  const job = await openJob();
  const key = core.getInput("task", { required: true });
  const plan = await takePlan(job);
  const task = plan.tasks.find((entry) => entry.key === key);
  if (task === undefined) throw new Error(`The plan of this run has no task "${key}"`);
  const out = join(job.folder, "out");
  await mkdir(out, { recursive: true });
  const outcome = await run(job, plan, task, out);
  await leaveAnswers(job, task, outcome, out);
  for (const note of outcome.notes) core.notice(note);
  for (const failure of outcome.failures) core.error(`${failure.model}, ${failure.phase}: ${failure.message}`);
  if (outcome.failures.length > 0) core.setFailed(outcome.failures[0]?.message ?? "The task failed");
});

async function run(job: Job, plan: PlanRecord, task: Task, out: string): Promise<TaskOutcome> {
  const entries = [...(task.train?.inputs ?? []), ...task.predict.inputs, ...task.sittings.flatMap(({ lookup }) => lookup)];
  const objects = await openObjects(job, plan, entries);
  const rows = await takeRows(job);
  const secrets = readSecrets(core.getInput("secrets"), task.train?.secrets ?? []);
  for (const value of Object.values(secrets)) core.setSecret(value);
  // Read before they go: nothing that the team's code starts may find a token.
  const { fetch } = job.ports.bytes;
  try {
    return await runTask({
      task,
      readBlobs: async (blobs) => await Promise.all(blobs.map(objects.read)),
      rows,
      folder: join(job.folder, "work"),
      out,
      env: commandEnvironment(process.env),
      secrets,
      fetchBytes: async (locator, folder) => await fetch(locator, folder),
      onModel: async ({ artifact, folder }) => {
        const files = artifact.files.map(({ path }) => join(folder, path));
        await leaveArtifact(artifactNames.run(task.key), folder, files, { compress: false, days: retentionDays() });
        core.info(`Trained: sha256:${artifact.sha256}, ${artifact.size} bytes`);
      },
      onLine: (line) => core.info(String(line)),
    });
  } finally {
    objects.close();
  }
}

async function takeRows(job: Job): Promise<ReadonlyMap<string, string>> {
  const folder = await takeArtifact(job, artifactNames.rows);
  const names = folder === undefined ? [] : await readdir(folder);
  const rows = names.filter((name) => /^[0-9a-f]{64}\./.test(name));
  return new Map(rows.map((name) => [basename(name, extname(name)), join(folder ?? "", name)]));
}

async function leaveAnswers(job: Job, task: Task, outcome: TaskOutcome, out: string): Promise<void> {
  const { trained } = outcome;
  const answers: Answers = {
    schema: "trainyard/answers/1",
    task: task.key,
    artifact: outcome.artifact ?? null,
    trained:
      trained === undefined
        ? null
        : {
            parameters: { ...trained.parameters },
            series: Object.fromEntries(Object.entries(trained.series).map(([name, points]) => [name, [...points]])),
            durationMs: trained.durationMs,
            runsOn: process.env["RUNNER_NAME"] ?? `${platform()}-${arch()}`,
            at: new Date().toISOString(),
          },
    predictions: outcome.predictions.map(({ evaluation, sha256, size, format }) => ({ evaluation, sha256, size, format })),
    failures: [...outcome.failures],
  };
  const file = join(out, "answers.json");
  await writeFile(file, JSON.stringify(answersSchema.parse(answers)));
  const files = [file, ...outcome.predictions.map((answer) => answer.file)];
  await leaveArtifact(artifactNames.answers(task.key), out, files, { compress: true, days: retentionDays() });
  core.debug(`run ${job.run}`);
}

function retentionDays(): number {
  const days = Number(core.getInput("retention-days") || "30");
  return Number.isInteger(days) && days >= 1 && days <= 90 ? days : 30;
}
