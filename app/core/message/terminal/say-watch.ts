import type { DriftFacts } from "#core/message/drift/drift-facts.ts";
import { sayDate, sayMoment } from "#core/message/drift/say-state.ts";
import { formatUnits } from "#core/message/format.ts";

/** What the watches of a model come to, in one line for a terminal; undefined where all is well. */
export function sayWatch(watch: Omit<DriftFacts, "retraining">): string | undefined {
  const { alarm, unwatched, snooze, schedule, report } = watch;
  const unit = { hourly: "hour", daily: "day", weekly: "week" }[schedule];
  const parts: string[] = [];
  if (unwatched !== undefined) {
    const why = unwatched.failed ? `, as it fails: ${report?.because ?? ""}` : "";
    parts.push(`not watched since ${sayMoment(unwatched.since)}, ${formatUnits(unwatched.periods, unit)} ago${why}`);
  }
  const counted = `${alarm.violated} of the last ${alarm.of} watches`;
  if (alarm.kind === "alarm") parts.push(`drifts since ${sayDate(alarm.since ?? "")} (${counted})`);
  if (alarm.kind === "hint")
    parts.push(
      `one odd watch on ${sayDate(report?.at ?? "")}: a hint, no alarm before ${alarm.after} of them (${counted})`,
    );
  if (snooze !== undefined)
    parts.push(`snoozed until ${sayMoment(snooze.until)}${snooze.by === null ? "" : ` by @${snooze.by}`}`);
  return parts.length === 0 ? undefined : parts.join("; ");
}
