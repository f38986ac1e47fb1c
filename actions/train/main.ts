import * as core from "@actions/core";
import type { Performed } from "#core/machine.ts";
import type { Contents } from "#core/pointer/contents.ts";
import type { PlanRecord, Task } from "#core/plan/plan-record.ts";
import { openDataCache } from "#actions/cache/data-cache.ts";
import { planContents } from "#actions/contents/job-contents.ts";
import { openJob, type Job } from "#actions/job.ts";
import { openObjects, type Objects } from "#actions/objects.ts";
import { notPerformed, performTask } from "#actions/perform-task.ts";
import { runAction } from "#actions/run-action.ts";
import { quoteOutput } from "#actions/say.ts";
import { taskOptions } from "#actions/task-options.ts";
import { takePlan } from "#actions/take-plan.ts";
import { leaveAnswers } from "./leave-answers.ts";
import { readSecrets } from "./secrets.ts";
import { takeRows } from "./take-rows.ts";
import { trainingOptions } from "./training-options.ts";

await runAction(async () => {
  const job = await openJob();
  const plan = await takePlan(job);
  const tasks = findTasks(plan, core.getInput("task", { required: true }));
  const left: Record<string, string> = {};
  const failures: string[] = [];
  for (const { task, done } of await performAll(job, plan, tasks)) {
    // oxlint-disable-next-line no-await-in-loop -- one upload after the other
    left[task.key] = await leaveAnswers(job, task, done);
    for (const note of done.notes) core.notice(note);
    for (const failure of done.failures) core.error(`${failure.model}, ${failure.phase}: ${failure.message}`);
    failures.push(...done.failures.map(({ message }) => message));
  }
  core.setOutput("answers", JSON.stringify(left));
  if (failures.length > 0) core.setFailed(failures[0] ?? "");
});

/** `keys`: what the matrix says, one or more keys of tasks with blanks between them. */
function findTasks({ tasks }: PlanRecord, keys: string): readonly Task[] {
  return keys.split(" ").map((key) => {
    const task = tasks.find((entry) => entry.key === key);
    if (task === undefined) throw new Error(`The plan of this run has no task "${key}"`);
    return task;
  });
}

async function performAll(
  job: Job,
  plan: PlanRecord,
  tasks: readonly Task[],
): Promise<readonly { task: Task; done: Performed }[]> {
  let objects: Objects | undefined;
  // the job "answer" trains nothing and restores nothing
  const cache = tasks.some(({ train }) => train !== null) ? openDataCache(job) : undefined;
  const contents = planContents(job, plan, cache);
  const all: { task: Task; done: Performed }[] = [];
  try {
    // Everything that the token of this job is needed for comes first: it may be dead when a training ends.
    const rows = await takeRows(job);
    objects = await openObjects(job, plan, tasks.flatMap(filesOf));
    for (const task of tasks) {
      // oxlint-disable-next-line no-await-in-loop -- one task on this machine at a time
      const done = await perform(job, plan, task, { objects, contents }, rows).catch((error: unknown) =>
        notPerformed(task, error),
      );
      all.push({ task, done });
    }
    return all;
  } catch (error) {
    return tasks.map((task) => ({ task, done: notPerformed(task, error) }));
  } finally {
    objects?.close();
    await contents.close();
  }
}

function filesOf({ train, predict, sittings }: Task): readonly { blob: string }[] {
  return [...(train?.inputs ?? []), ...predict.inputs, ...sittings.flatMap(({ lookup }) => lookup)];
}

async function perform(
  job: Job,
  plan: PlanRecord,
  task: Task,
  { objects, contents }: { objects: Objects; contents: Contents },
  rows: ReadonlyMap<string, string>,
): Promise<Performed> {
  const secrets = readSecrets(core.getInput("secrets"), task.train?.secrets ?? []);
  for (const value of Object.values(secrets)) core.setSecret(value);
  const options = taskOptions(job, objects.read, { secrets, contents, ...(await trainingOptions(job, plan, task)) });
  return await quoteOutput(() => performTask(options, task, rows));
}
