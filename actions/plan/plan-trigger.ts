import { readCommand } from "#core/command/read-command.ts";
import { answerComment } from "#flow/comment/answer-comment.ts";
import type { CommandEffect, WrittenComment } from "#flow/comment/outcome.ts";
import { readWriter } from "#flow/observe/read-writer.ts";
import { planLoop, type LoopPlan } from "#flow/plan/plan-loop.ts";
import type { Job } from "#actions/job.ts";
import { say } from "#actions/say.ts";
import { withoutTraining } from "./without-training.ts";

/** Plans what the event of this run asks for; a comment is answered first, where it is ours to answer. */
export async function planTrigger(job: Job): Promise<LoopPlan> {
  const { ports, trigger } = job;
  const effect = trigger.kind === "comment" ? await answer(job, trigger.comment) : undefined;
  const found = await planLoop(ports, trigger.kind === "watch" ? { ...trigger, run: job.run } : trigger, effect);
  // what moved since is stale, and not trained anew at every merge of somebody else's (law 4)
  const planned = job.saysAgain && found.plan !== undefined ? { ...found, plan: withoutTraining(found.plan) } : found;
  // What is said, and written to the evidence, is the report's to do: planning only reads.
  const isTold = trigger.kind === "comment" && isTalk(trigger.comment.body);
  const loop = isTold ? { ...planned, writer: await readWriter(ports), report: true } : planned;
  for (const line of loop.says) say(line);
  return loop;
}

/** Where the app speaks, comments are its own to answer: two answers would be two runs. */
async function answer(job: Job, comment: WrittenComment): Promise<CommandEffect | undefined> {
  if (comment.bot || !comment.body.startsWith("/") || isTalk(comment.body)) return undefined;
  if ((await readWriter(job.ports)) === "app") return undefined;
  let asked: CommandEffect | undefined;
  await answerComment(job.ports, comment, async (effect) => await Promise.resolve(void (asked = effect)));
  return asked;
}

/** A command that trains nothing and moves no bytes: the report job answers it. */
export function isTalk(body: string): boolean {
  const read = readCommand(body);
  return read.kind === "command" && read.command.kind !== "train" && read.command.kind !== "promote";
}
