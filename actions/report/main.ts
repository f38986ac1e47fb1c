import * as core from "@actions/core";
import { sweepPulls } from "#flow/pull/sweep-pulls.ts";
import { reconcileDefault } from "#flow/promote/reconcile-default.ts";
import { reconcilePull } from "#flow/pull/reconcile-pull.ts";
import { isGreen } from "#flow/pull/publish-pull.ts";
import { reportWatch } from "#flow/watch/report-watch.ts";
import { openJob, runAction, type Job } from "#actions/job.ts";
import { say } from "#actions/say.ts";

await runAction(async () => {
  const job = await openJob();
  const { trigger, ports, run } = job;
  switch (trigger.kind) {
    case "pull":
      await reportPull(job, trigger.number);
      return;
    case "train":
    case "compare":
      await reportPull(job, trigger.pull);
      return;
    case "push":
    case "promote":
    case "comment": {
      await reconcileDefault(ports, { finishedRun: run });
      core.setOutput("green", "true");
      await sweepPulls(ports);
      return;
    }
    case "watch":
      await reportWatch(ports, run);
      core.setOutput("green", "true");
      return;
    case "nothing":
      core.setOutput("green", "true");
  }
});

async function reportPull(job: Job, number: number): Promise<void> {
  const answer = await reconcilePull(job.ports, number, { runStarts: false, finishedRun: job.run, dispatch: false });
  for (const { change, answer: model } of answer.models) {
    say(
      `${change.name}: ${model.kind === "verdict" ? `${model.verdict.kind}, ${model.verdict.because}` : `waits: ${model.because}`}`,
    );
  }
  core.setOutput("green", String(isGreen(answer)));
}
