import type { Command } from "#core/command/read-command.ts";
import type { VerdictKind } from "#core/gate/verdict.ts";
import type { Ports } from "#core/ports.ts";
import type { Approval } from "#core/promotion/decide.ts";
import { observeDefault, type ObservedDefault } from "#flow/observe/observe-default.ts";
import { refuse, type Outcome, type WrittenComment } from "./outcome.ts";

type Waiting = {
  model: Approval["model"];
  subject: string;
  artifact: string;
  stage: string;
  verdict: VerdictKind;
  because: string;
};

/** Lets what waits on the default branch go on: exactly what waits now. Never a `fail` or an `error`. */
export async function obeyPromote(
  ports: Ports,
  command: Extract<Command, { kind: "promote" }>,
  comment: WrittenComment,
): Promise<Outcome> {
  const observed = await observeDefault(ports, { approval: undefined, failures: [], expecting: false });
  const names = [...observed.models.map(({ change }) => change.name), ...observed.retired.map(({ name }) => name)];
  if (command.model !== undefined && !names.some((name) => name === command.model)) {
    return refuse(
      `there is no model "${command.model}" on "${observed.branch}"; there is: ${[...new Set(names)].join(", ") || "none"}`,
    );
  }
  const isNamed = (name: string): boolean => command.model === undefined || name === command.model;
  const waiting = findWaiting(observed).filter(({ model }) => isNamed(model));
  const [one] = waiting;
  if (one === undefined) {
    const blocked = observed.models.find(({ change, decision }) => isNamed(change.name) && decision.kind === "blocked");
    if (blocked?.decision.kind !== "blocked")
      return refuse("nothing waits for it: production is what the default branch says, or is about to be");
    const { verdict } = blocked.decision;
    return refuse(`"${blocked.change.name}" is not promoted by a word: ${verdict.kind}, ${verdict.because}`);
  }
  if (waiting.length > 1) {
    return refuse(
      `more than one model waits: name one (${waiting.map(({ model }) => `/promote ${model}`).join(", ")})`,
    );
  }
  const { model, subject, artifact, stage, verdict, because } = one;
  if (command.digest !== undefined && !subject.startsWith(command.digest)) {
    return refuse(`what waits now is ${subject.slice(0, 12)}, not ${command.digest.slice(0, 12)}: look at it again`);
  }
  const approval: Approval = { model, subject, stage, by: comment.author, why: command.why };
  return {
    answer: { kind: "promoting", model, subject, artifact, stage, verdict, because },
    effect: { kind: "promote", approval, head: observed.head },
  };
}

function findWaiting({ models, retired }: ObservedDefault): readonly Waiting[] {
  const asked = models.flatMap(({ change, decision }): Waiting[] => {
    if (decision.kind !== "wait") return [];
    const { subject, artifact, stage, verdict } = decision;
    return [{ model: change.name, subject, artifact, stage, verdict: verdict.kind, because: verdict.because }];
  });
  const gone = retired.flatMap(({ name, subject, standings, decision }): Waiting[] => {
    const last = standings.at(-1);
    if (decision.kind !== "wait" || last === undefined) return [];
    const { because } = decision;
    return [{ model: name, subject, artifact: last.artifact, stage: last.stage, verdict: "retired", because }];
  });
  return [...asked, ...gone];
}
