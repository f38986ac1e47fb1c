import * as core from "@actions/core";
import { openJob, type Job } from "#actions/job.ts";
import { runAction } from "#actions/run-action.ts";
import { planTrigger } from "#actions/plan/plan-trigger.ts";
import { promoteHere } from "#actions/promote/promote-here.ts";
import { reportTrigger } from "#actions/report/report-trigger.ts";
import { say } from "#actions/say.ts";
import { warmHere } from "#actions/warm/warm-here.ts";
import { watchHere } from "#actions/watch/watch-here.ts";
import { performPlan } from "./perform-plan.ts";

/** The whole loop as one step: what the jobs of loop.yml do, one after the other, on one machine and with one token. */
await runAction(async () => {
  const job = await openJob();
  await refuseFork(job);
  const loop = await planTrigger(job);
  const { plan } = loop;
  if (plan !== undefined && (plan.tasks.length > 0 || plan.comparisons.length > 0)) {
    await attempt("The work", async () => await performPlan(job, plan));
  }
  // As jobs do, each part reads the truth anew: a training may have taken hours.
  if (loop.watch.length > 0)
    await attempt("The watch", async () => void (await watchHere(await openJob(), loop.watch)));
  if (loop.promote.length > 0)
    await attempt("The promotion", async () => void (await promoteHere(await openJob(), loop.approval, undefined)));
  for (const { model } of loop.warm) {
    // oxlint-disable-next-line no-await-in-loop -- one machine, one step after the other
    await warmHere(await openJob(), model);
  }
  if (!loop.report || loop.writer === "app") {
    core.setOutput("green", loop.report ? "" : "true");
    core.setOutput("verdict", "");
    if (loop.report) say('The config says "writer: app": the app reports once this run has ended.');
    return;
  }
  const { green, verdict } = await reportTrigger(await openJob());
  core.setOutput("green", String(green));
  core.setOutput("verdict", verdict ?? "");
  if (!green && core.getInput("require-green") !== "false")
    core.setFailed("The verdict is not green: the comment on the pull request says why");
});

/** What fails here fails the step in the end, and is told by the report all the same. */
async function attempt(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    core.setFailed(`${what} could not be finished: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Everything runs on one machine here, what judges and what writes too: nobody but those who may write comes near it. */
async function refuseFork({ trigger, ports }: Job): Promise<void> {
  const number = trigger.kind === "pull" ? trigger.number : "pull" in trigger ? trigger.pull : undefined;
  if (number === undefined || !(await ports.pulls.get(number)).fork) return;
  throw new Error(
    `#${number} comes from a fork, and this action trains on the machine that judges and writes: for forks call the workflow "trainyard/trainyard/.github/workflows/loop.yml" instead, whose jobs are apart`,
  );
}
