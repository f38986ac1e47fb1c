import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import * as z from "zod";
import { digest } from "#core/canonical.ts";
import { dataReportSchema } from "#core/evidence.ts";
import { failureSchema, type Failure, type PlanRecord, type ReportRecord, type Task } from "#core/plan/plan-record.ts";
import { artifactNames, takeArtifact } from "#actions/artifacts.ts";
import type { Job } from "#actions/job.ts";
import { readJson } from "#actions/read-json.ts";
import { takeRowsFolder } from "#actions/prepare/take-rows-folder.ts";
import { answersSchema, type Answers } from "#actions/train/answers.ts";

/** What one task answered, and the folder of its files. The team's code ran where it was made: a claim. */
export type Taken = { answers: Answers; folder: string };

const dataSchema = z.strictObject({ data: z.array(dataReportSchema), failures: z.array(failureSchema) });
const mostBytes = 32 * 1024 * 1024;

/** What the job `prepare` found about the data, exactly as it left it. */
export async function takeData(job: Job): Promise<{ data: ReportRecord["data"]; failures: readonly Failure[] }> {
  const folder = await takeRowsFolder(job);
  if (folder === undefined) return { data: [], failures: [] };
  return readJson(await readFile(join(folder, "data.json"), "utf8"), dataSchema, "what was found about the data");
}

/**
 * The answers of every task, or a failure of it. Nothing is asked of models whose data nobody trains on. `digests`: what
 * the job `answer` says that it left, which no code of the pull request had a hand in.
 */
export async function takeAnswers(
  job: Job,
  plan: PlanRecord,
  withoutWork: ReadonlySet<string>,
  digests: ReadonlyMap<string, string>,
): Promise<{ taken: ReadonlyMap<string, Taken>; failures: readonly Failure[] }> {
  const taken = new Map<string, Taken>();
  const failures: Failure[] = [];
  for (const task of plan.tasks.filter(({ model }) => !withoutWork.has(model))) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- a few small artifacts
      const answers = await takeOne(job, task, digests);
      if (answers === undefined) failures.push(lost(task));
      else {
        taken.set(task.key, answers);
        failures.push(...answers.answers.failures);
      }
    } catch (error) {
      failures.push(unreadable(task, error));
    }
  }
  return { taken, failures };
}

async function takeOne(job: Job, task: Task, digests: ReadonlyMap<string, string>): Promise<Taken | undefined> {
  // Whoever answers with reviewed code vouches for the answer: whatever else bears its name was left by somebody else.
  const vouched = digests.get(task.key);
  if (task.reviewed === true && vouched === undefined) return undefined;
  const folder = await takeArtifact(job, artifactNames.answers(task.key));
  if (folder === undefined) return undefined;
  const file = join(folder, "answers.json");
  if ((await stat(file)).size > mostBytes) throw new Error(`they have more than ${mostBytes} bytes`);
  const text = await readFile(file, "utf8");
  if (task.reviewed === true && digest(text) !== vouched)
    throw new Error(`they hash to ${digest(text)}, its job left ${vouched}`);
  const answers = readJson(text, answersSchema, "them");
  if (answers.task !== task.key) throw new Error(`they are those of "${answers.task}"`);
  const answered = answers.artifact?.sha256 ?? null;
  if (task.train === null && answered !== null && answered !== task.artifact)
    throw new Error(`they are of the model ${answered}, asked was ${task.artifact ?? "none"}`);
  for (const { evaluation, format, sha256 } of answers.predictions) {
    // oxlint-disable-next-line no-await-in-loop -- one or two files
    const found = await hash(join(folder, "predictions", `${evaluation}.${format}`));
    if (found !== sha256) throw new Error(`the predictions hash to ${found}, they should hash to ${sha256}`);
  }
  return { answers: { ...answers, failures: answers.failures.map((failure) => ownFailure(task, failure)) }, folder };
}

/** A task speaks of its own model only. */
function ownFailure({ model, key }: Task, failure: Failure): Failure {
  return { ...failure, model, task: key };
}

async function hash(file: string): Promise<string> {
  const sum = createHash("sha256");
  await pipeline(createReadStream(file), sum);
  return sum.digest("hex");
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

function unreadable(task: Task, error: unknown): Failure {
  const because = error instanceof Error ? error.message : String(error);
  const message = `The answers of "${task.key}" cannot be believed: ${because.slice(0, 1_000)}. Say /train to try again`;
  return { model: task.model, task: task.key, phase: task.train === null ? "predict" : "train", message, log: "" };
}
