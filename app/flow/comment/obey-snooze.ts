import type { Command } from "#core/command/read-command.ts";
import { parseModelName } from "#core/names.ts";
import type { Ports } from "#core/ports.ts";
import { findTold } from "#flow/watch/tell-watch.ts";
import { keepSnooze } from "#flow/watch/keep-snooze.ts";
import { refuse, type Outcome, type WrittenComment } from "./outcome.ts";

/** Somebody knows that a model drifts, and wants no more of it until then; the issue it is said on names the model. */
export async function obeySnooze(
  ports: Ports,
  { time }: Extract<Command, { kind: "snooze" }>,
  comment: WrittenComment,
): Promise<Outcome> {
  const model = comment.isPull ? undefined : await findTold(ports, comment.issue);
  if (model === undefined) return refuse('"/snooze" is said on the issue of a model that drifts');
  if (time === undefined) return refuse('for how long? Say "/snooze 2w", "/snooze 10d" or "/snooze off"');
  const until = await keepSnooze(ports, { model, time, by: comment.author, at: comment.at });
  if (until === undefined) return refuse(`a snooze lasts a year at most, and "${time}" is longer`);
  return {
    answer: time === "off" ? { kind: "woken", model } : { kind: "snoozed", model, until },
    effect: { kind: "watch", model: parseModelName(model) },
  };
}
