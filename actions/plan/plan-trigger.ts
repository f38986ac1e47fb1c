import { answerComment, type CommandEffect, type WrittenComment } from "#flow/answer-comment.ts";
import { readWriter } from "#flow/observe/read-writer.ts";
import { planLoop, type LoopPlan } from "#flow/plan/plan-loop.ts";
import type { Job } from "#actions/job.ts";
import { say } from "#actions/say.ts";

/** Plans what the event of this run asks for; a comment is answered first, where it is ours to answer. */
export async function planTrigger(job: Job): Promise<LoopPlan> {
  const { ports, trigger } = job;
  const effect = trigger.kind === "comment" ? await answer(job, trigger.comment) : undefined;
  const loop = await planLoop(ports, trigger, effect);
  for (const line of loop.says) say(line);
  return loop;
}

/** Where the app speaks, comments are its own to answer: two answers would be two runs. */
async function answer(job: Job, comment: WrittenComment): Promise<CommandEffect | undefined> {
  if (comment.bot || !comment.body.startsWith("/") || (await readWriter(job.ports)) === "app") return undefined;
  return await answerComment(job.ports, comment);
}
