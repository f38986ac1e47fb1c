import { readCommand, type Command } from "#core/command/read-command.ts";
import { isAnswerTo, renderAnswer, type CommandAnswer } from "#core/message/command-answers.ts";
import type { Approval } from "#core/promotion/decide.ts";
import type { Ports } from "#core/ports.ts";
import { observeDefault } from "#flow/observe/observe-default.ts";
import { upsertComment } from "#flow/pull/upsert-comment.ts";

/** A comment that somebody has just written. Everything in it is a stranger's. */
export type WrittenComment = { id: number; issue: number; isPull: boolean; body: string; author: string; bot: boolean };

/** What has to be done after the answer: the shell knows how (a dispatch, or a job of this very run). */
export type CommandEffect =
  | { kind: "none" }
  | { kind: "promote"; approval: Approval; head: string }
  | { kind: "train"; pull: number; head: string; again: boolean };

/**
 * Answers a command, once, under its comment. Nobody's word counts but that of people who may write, asked of the
 * service now; the word is bound to what is there now.
 */
export async function answerComment(ports: Ports, comment: WrittenComment): Promise<CommandEffect> {
  if (comment.bot) return { kind: "none" };
  const read = readCommand(comment.body);
  if (read.kind === "none") return { kind: "none" };
  // Events come twice: a command is obeyed once, and what was answered stays.
  if ((await ports.comments.own(comment.issue)).some(({ body }) => isAnswerTo(body, comment.id)))
    return { kind: "none" };
  const { answer, effect } =
    read.kind === "mistake"
      ? {
          answer: { kind: "mistake", because: read.because, suggestion: read.suggestion } satisfies CommandAnswer,
          effect: { kind: "none" } satisfies CommandEffect,
        }
      : (await ports.people.mayWrite(comment.author))
        ? await obey(ports, read.command, comment)
        : {
            answer: { kind: "forbidden", who: comment.author } satisfies CommandAnswer,
            effect: { kind: "none" } satisfies CommandEffect,
          };
  await upsertComment(
    ports.comments,
    comment.issue,
    (body) => isAnswerTo(body, comment.id),
    renderAnswer(comment.id, answer),
  );
  return effect;
}

type Outcome = { answer: CommandAnswer; effect: CommandEffect };

function no(because: string): Outcome {
  return { answer: { kind: "refused", because }, effect: { kind: "none" } };
}

async function obey(ports: Ports, command: Command, comment: WrittenComment): Promise<Outcome> {
  return command.kind === "promote" ? await promote(ports, command, comment) : await train(ports, command, comment);
}

async function promote(
  ports: Ports,
  command: Extract<Command, { kind: "promote" }>,
  comment: WrittenComment,
): Promise<Outcome> {
  const observed = await observeDefault(ports, { approval: undefined, failures: [], expecting: false });
  if (command.model !== undefined && !observed.models.some(({ change }) => change.name === command.model)) {
    const names = observed.models.map(({ change }) => change.name).join(", ");
    return no(`there is no model "${command.model}" on "${observed.branch}"; there is: ${names || "none"}`);
  }
  const named = observed.models.filter(({ change }) => command.model === undefined || change.name === command.model);
  const blocked = named.find(({ decision }) => decision.kind === "blocked");
  const waiting = named.filter(({ decision }) => decision.kind === "wait");
  const one = waiting[0];
  if (one === undefined || one.decision.kind !== "wait") {
    if (blocked?.decision.kind === "blocked") {
      return no(
        `"${blocked.change.name}" is not promoted by a word: ${blocked.decision.verdict.kind}, ${blocked.decision.verdict.because}`,
      );
    }
    return no("nothing waits for it: production is what the default branch says, or is about to be");
  }
  if (waiting.length > 1) {
    return no(
      `more than one model waits: name one (${waiting.map(({ change }) => `/promote ${change.name}`).join(", ")})`,
    );
  }
  const { artifact, stage, verdict } = one.decision;
  if (command.artifact !== undefined && !artifact.startsWith(command.artifact)) {
    return no(`what waits now is ${artifact.slice(0, 12)}, not ${command.artifact.slice(0, 12)}: look at it again`);
  }
  const approval: Approval = { model: one.change.name, artifact, stage, by: comment.author, why: command.why };
  return {
    answer: {
      kind: "promoting",
      model: one.change.name,
      artifact,
      stage,
      verdict: verdict.kind,
      because: verdict.because,
    },
    effect: { kind: "promote", approval, head: observed.head },
  };
}

async function train(
  ports: Ports,
  command: Extract<Command, { kind: "train" }>,
  comment: WrittenComment,
): Promise<Outcome> {
  if (!comment.isPull) return no('"/train" trains the head of a pull request: say it on one');
  const pull = await ports.pulls.get(comment.issue);
  if (pull.state !== "open") return no("this pull request is closed");
  if (pull.fork) return no("a fork is trained by its own workflow run only: approve that run");
  if (command.head !== undefined && !pull.head.sha.startsWith(command.head)) {
    return no(`the head is ${pull.head.sha.slice(0, 12)} now, not ${command.head.slice(0, 12)}: look at it again`);
  }
  return {
    answer: { kind: "training", head: pull.head.sha },
    effect: { kind: "train", pull: pull.number, head: pull.head.sha, again: command.again },
  };
}
