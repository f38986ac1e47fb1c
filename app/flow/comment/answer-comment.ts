import { readCommand, type Command } from "#core/command/read-command.ts";
import { readAnswer, renderAnswer } from "#core/message/command-answers.ts";
import type { Ports } from "#core/ports.ts";
import { upsertComment } from "#flow/pull/upsert-comment.ts";
import { obeyAccept } from "./obey-accept.ts";
import { obeyPin } from "./obey-pin.ts";
import { obeyPromote } from "./obey-promote.ts";
import { obeySnooze } from "./obey-snooze.ts";
import { obeyTrain } from "./obey-train.ts";
import type { CommandEffect, Outcome, WrittenComment } from "./outcome.ts";

/**
 * Answers a command under its comment and does what it asks for, once. Nobody's word counts but that of people who may
 * write, asked of the service now; the word is bound to what is there now. The answer is there before the work begins
 * and says when it has: whoever comes after a crash begins it again. Answers whether there was anything to answer.
 */
export async function answerComment(
  ports: Ports,
  comment: WrittenComment,
  act: (effect: CommandEffect) => Promise<void>,
): Promise<boolean> {
  if (comment.bot) return false;
  const read = readCommand(comment.body);
  if (read.kind === "none") return false;
  // Events come twice: a command is obeyed once, and what was answered stays.
  const states = (await ports.comments.own(comment.issue)).map(({ body }) => readAnswer(body, comment.id));
  if (states.includes("done")) return false;
  const { answer, effect } = await decide(ports, read, comment);
  const say = async (state: "begun" | "done"): Promise<void> => {
    const body = renderAnswer(comment.id, answer, state);
    await upsertComment(ports.comments, comment.issue, (own) => readAnswer(own, comment.id) !== undefined, body);
  };
  if (effect.kind === "none") {
    await say("done");
    return true;
  }
  await say("begun");
  await act(effect);
  await say("done");
  return true;
}

async function decide(
  ports: Ports,
  read: Exclude<ReturnType<typeof readCommand>, { kind: "none" }>,
  comment: WrittenComment,
): Promise<Outcome> {
  const effect = { kind: "none" } as const;
  if (read.kind === "mistake")
    return { answer: { kind: "mistake", because: read.because, suggestion: read.suggestion }, effect };
  if (read.command.kind === "help") return { answer: { kind: "help" }, effect };
  if (!(await ports.people.mayWrite(comment.author)))
    return { answer: { kind: "forbidden", who: comment.author }, effect };
  return await obey(ports, read.command, comment);
}

async function obey(ports: Ports, command: Command, comment: WrittenComment): Promise<Outcome> {
  switch (command.kind) {
    case "accept":
      return await obeyAccept(ports, command, comment);
    case "promote":
      return await obeyPromote(ports, command, comment);
    case "train":
      return await obeyTrain(ports, command, comment);
    case "rollback":
    case "hold":
      return await obeyPin(ports, command, comment);
    case "snooze":
      return await obeySnooze(ports, command, comment);
    case "help":
      return { answer: { kind: "help" }, effect: { kind: "none" } };
  }
}
