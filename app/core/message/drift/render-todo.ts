import { asSentence, escapeProse, plainLine } from "#core/message/escape.ts";
import { renderBoxes } from "#core/watch/snooze.ts";
import type { DriftFacts, Retraining } from "./drift-facts.ts";
import { sayMoment } from "./say-state.ts";

/** What a person should do now, and how it stands with the pull request that retrains. */
export function renderTodo({ alarm, unwatched, retraining, snooze }: DriftFacts): string {
  if (alarm.kind !== "alarm")
    return unwatched === undefined
      ? "Nothing to do: this issue is closed, and opens again when there is drift again."
      : "";
  if (snooze !== undefined && (retraining.kind === "coming" || retraining.kind === "nothing"))
    return "**What to do**: nothing until the snooze is over.";
  return `**What to do**: ${sayRetraining(retraining)}`;
}

const closes = "A watch closes this issue once a version that fits is in production, or the data is as it was.";

function sayRetraining(retraining: Retraining): string {
  switch (retraining.kind) {
    case "none":
      return `add newer data in a pull request and let the comparison decide. With \`monitor: retrain:\` in the config that pull request opens by itself. ${closes}`;
    case "coming":
      return `wait for the pull request that trains on newer data. ${closes}`;
    case "open": {
      const note =
        retraining.note === null ? "" : ` The newest watch brought no newer data to it: ${sayNote(retraining.note)}`;
      return `review #${retraining.pull}, which trains on newer data. ${closes}${note}`;
    }
    case "stopped":
      return `finish #${retraining.pull}: somebody has committed to its branch, so the robot leaves it to them.`;
    case "held":
      return retraining.why === "queued"
        ? `nothing: #${retraining.pull} waits in the merge queue.`
        : `merge #${retraining.pull}: it is approved, so no newer data is brought to it any more.`;
    case "not-now":
      return `#${retraining.pull} was closed, which means "not now": no other is opened before ${sayMoment(retraining.until)}. Reopen it to go on sooner.`;
    case "nothing":
      return `look at the command \`monitor: retrain:\`, which brought no newer data: ${sayNote(retraining.note)}`;
  }
}

const sayNote = (note: string): string => asSentence(escapeProse(plainLine(note, 600), 600));

/** How to have peace: boxes and words. Only where there is something to be quiet about. */
export function renderSnoozeBoxes({ alarm, unwatched, snooze }: DriftFacts): string {
  if (alarm.kind !== "alarm" && unwatched === undefined) return "";
  return `${renderBoxes(snooze !== undefined)}\n\nOr say \`/snooze 10d\` or \`/snooze off\` here.`;
}
