import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digest } from "#core/canonical.ts";
import type { Performed } from "#core/machine.ts";
import type { Task } from "#core/plan/plan-record.ts";
import { artifactNames, leaveArtifact } from "#actions/artifacts.ts";
import type { Job } from "#actions/job.ts";
import { answersSchema, type Answers } from "./answers.ts";
import { retentionDays } from "./retention-days.ts";

/** Leaves what a task answered for whoever scores it; answers the digest by which it is known again. */
export async function leaveAnswers(job: Job, task: Task, done: Performed): Promise<string> {
  const answers: Answers = {
    schema: "trainyard/answers/1",
    task: task.key,
    artifact: done.artifact ?? null,
    trained: done.trained ?? null,
    predictions: done.predictions.map(({ evaluation, sha256, size, format }) => ({ evaluation, sha256, size, format })),
    failures: [...done.failures],
  };
  const folder = join(job.folder, "answers", task.key);
  await mkdir(join(folder, "predictions"), { recursive: true });
  const file = join(folder, "answers.json");
  const text = JSON.stringify(answersSchema.parse(answers));
  await writeFile(file, text);
  const files = [file];
  for (const { evaluation, format, file: from } of done.predictions) {
    const to = join(folder, "predictions", `${evaluation}.${format}`);
    // oxlint-disable-next-line no-await-in-loop -- one or two files
    await copyFile(from, to);
    files.push(to);
  }
  await leaveArtifact(artifactNames.answers(task.key), folder, files, { compress: true, days: retentionDays() });
  return digest(text);
}
