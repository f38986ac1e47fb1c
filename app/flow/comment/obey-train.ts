import type { Command } from "#core/command/read-command.ts";
import type { Ports } from "#core/ports.ts";
import { observePull } from "#flow/observe/observe-pull.ts";
import { refuse, type Outcome, type WrittenComment } from "./outcome.ts";

/** Trains the head of a pull request, whatever the config waits for: the head that is there now, and no later one. */
export async function obeyTrain(
  ports: Ports,
  command: Extract<Command, { kind: "train" }>,
  comment: WrittenComment,
): Promise<Outcome> {
  if (!comment.isPull) return refuse('"/train" trains the head of a pull request: say it on one');
  const { pull, outcome } = await observePull(ports, comment.issue);
  if (pull.state !== "open") return refuse("this pull request is closed");
  if (pull.fork) return refuse("a fork is trained by its own workflow run only: approve that run");
  if (command.head !== undefined && !pull.head.sha.startsWith(command.head)) {
    return refuse(`the head is ${pull.head.sha.slice(0, 12)} now, not ${command.head.slice(0, 12)}: look at it again`);
  }
  if (
    outcome.kind === "models" &&
    outcome.models.every(({ change }) => change.kind === "not_affected" || change.kind === "retired")
  )
    return refuse("no model has to be trained here: nothing that one reads changes");
  const { again } = command;
  const final =
    outcome.kind === "models" ? outcome.models.find(({ facts }) => again && facts.registered !== undefined) : undefined;
  if (final !== undefined) {
    const { change, facts } = final;
    return refuse(
      `"${change.name}" is registered as ${facts.registered ?? ""} already, and a registered run is final: it is not trained again`,
    );
  }
  const isKnown =
    outcome.kind === "models" &&
    outcome.models.every(({ change, facts }) => change.kind !== "candidate" || facts.candidate !== undefined);
  const trains = outcome.kind !== "models" || outcome.models.some(({ change }) => change.kind === "candidate");
  const does = !trains ? "measure" : again || !isKnown ? "train" : "compare";
  return {
    answer: { kind: "training", head: pull.head.sha, does },
    effect: { kind: "train", pull: pull.number, head: pull.head.sha, again },
  };
}
