import * as core from "@actions/core";
import { readCommand } from "#core/command/read-command.ts";
import type { VerdictKind } from "#core/gate/verdict.ts";
import { parseCommitSha } from "#core/names.ts";
import { reconcileGroup } from "#flow/group/reconcile-group.ts";
import { lookOnly } from "#flow/look-only.ts";
import { reconcileDefault } from "#flow/promote/reconcile-default.ts";
import { isGreen } from "#flow/pull/publish-pull.ts";
import { reconcilePull } from "#flow/pull/reconcile-pull.ts";
import { sweepPulls } from "#flow/pull/sweep-pulls.ts";
import { worstVerdict } from "#flow/pull/worst-verdict.ts";
import { reportUnwatched } from "#flow/watch/report-unwatched.ts";
import { reportWatch } from "#flow/watch/report-watch.ts";
import { answerComment } from "#flow/comment/answer-comment.ts";
import { startEffect } from "#flow/comment/start-effect.ts";
import type { Job } from "#actions/job.ts";
import { isTalk } from "#actions/plan/plan-trigger.ts";
import { say } from "#actions/say.ts";

/** `verdict` is the worst of a pull request's; undefined where the event was about none. */
export type Reported = { green: boolean; verdict: VerdictKind | "pending" | undefined };

/** Brings what the event was about to where it should be: check, comment, evidence, issues. */
export async function reportTrigger(job: Job): Promise<Reported> {
  const { trigger, ports, run } = job;
  switch (trigger.kind) {
    case "pull":
      // A fork's run may not write: it says its verdict by its job, and the next run on the default branch tells.
      if (trigger.fork)
        return await reportPull({ ...job, ports: lookOnly(ports) }, trigger.number, { dispatch: false });
      // production may have moved since this was planned: then it is compared again, once
      return await reportPull(job, trigger.number, { dispatch: true });
    case "group": {
      const group = { head: parseCommitSha(trigger.head), ref: trigger.ref };
      const { green } = await reconcileGroup(ports, group, { runStarts: false, finishedRun: run });
      return { green, verdict: undefined };
    }
    case "train":
    case "compare":
      return await reportPull(job, trigger.pull, { dispatch: false });
    case "comment":
      if (isTalk(trigger.comment.body)) {
        await answerComment(ports, trigger.comment, async (effect) => await startEffect(ports, effect, "actions"));
        return { green: true, verdict: undefined };
      }
      // what a word had trained is told to its pull request, not to the default branch
      if (trigger.comment.isPull && isTrain(trigger.comment.body)) {
        return await reportPull(job, trigger.comment.issue, { dispatch: false });
      }
      await reportDefault(job);
      break;
    case "push":
    case "promote":
      await reportDefault(job);
      break;
    case "watch":
      await reportWatch(ports, run);
      // the clock finds what no event told
      await reportDefault(job);
      break;
    case "nothing":
  }
  return { green: true, verdict: undefined };
}

async function reportDefault({ ports, run }: Job): Promise<void> {
  await reconcileDefault(ports, { finishedRun: run });
  // a watch that does not run cannot say so
  await reportUnwatched(ports);
  for (const { pull, error } of await sweepPulls(ports)) {
    const because = error instanceof Error ? error.message : String(error);
    core.warning(`#${pull} could not be looked at again: ${because}. The next run on the default branch tries it`);
  }
}

function isTrain(body: string): boolean {
  const read = readCommand(body);
  return read.kind === "command" && read.command.kind === "train";
}

async function reportPull(job: Job, number: number, { dispatch }: { dispatch: boolean }): Promise<Reported> {
  const answer = await reconcilePull(job.ports, number, { runStarts: false, finishedRun: job.run, dispatch });
  for (const { change, answer: model } of answer.models) {
    say(
      `${change.name}: ${model.kind === "verdict" ? `${model.verdict.kind}, ${model.verdict.because}` : `waits: ${model.because}`}`,
    );
  }
  return { green: isGreen(answer), verdict: worstVerdict(answer) };
}
