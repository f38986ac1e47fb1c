import type { DriftReport } from "#core/drift/drift-record.ts";
import { asSentence, escapeCell, escapeProse } from "#core/message/escape.ts";
import { formatUnits } from "#core/message/format.ts";
import type { DriftFacts } from "./drift-facts.ts";

/** "2026-05-03". */
export const sayDate = (at: string): string => at.slice(0, 10);

/** "2026-05-03 12:00 UTC". */
export const sayMoment = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;

/** The report that tells of the drift: the newest, or the last one that was violated. */
export function findShown({ report, before, alarm }: DriftFacts): DriftReport | undefined {
  return report?.verdict === "drift" || alarm.kind !== "alarm" ? report : (before ?? report);
}

/** Production was judged on the very rows that drifted: quiet, and not because they look as they did. */
export function isNoNews({ verdict, columns, lead }: DriftReport): boolean {
  return verdict === "quiet" && (lead?.drifted === true || columns.some(({ drifted }) => drifted));
}

/** "the data has moved away from what it was trained on, and it has lost part of its lead". */
export function sayDrifted(facts: DriftFacts): string {
  const shown = findShown(facts);
  const what = [
    shown?.columns.some(({ drifted }) => drifted) === true ? "the data has moved away from what it was trained on" : "",
    shown?.lead?.drifted === true ? "it has lost part of its lead" : "",
    shown?.performance?.verdict === "worse" ? "it answers worse than when it was promoted" : "",
  ];
  return what.filter((text) => text !== "").join(", and ") || "it drifts";
}

/** Names of columns that have moved; "" is the lead over the baseline. */
export function nameColumns(names: readonly string[]): string {
  const columns = names.filter((name) => name !== "");
  const shown = columns.slice(0, 10).map((name) => escapeCell(name, 40));
  const more = columns.length - shown.length;
  const said = [
    shown.length === 0 ? "" : `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""} moved as well`,
    names.includes("") ? "the lead over the baseline is lost as well" : "",
  ];
  return said.filter((text) => text !== "").join(", and ");
}

export function sayTitle(facts: DriftFacts): string {
  const { alarm, unwatched, report, nights } = facts;
  const shown = findShown(facts);
  const late = unwatched === undefined ? "" : `not watched since ${sayDate(unwatched.since)}`;
  if (alarm.kind === "alarm")
    return [`drift since ${shown?.version ?? facts.version}`, late].filter((part) => part !== "").join(", ");
  if (late !== "") return late;
  if (report !== undefined && isNoNews(report)) return `${report.version} was judged on the newest rows`;
  return nights.some(({ verdict }) => verdict === "drift") ? "no drift any more" : "watched again";
}

/** "🟡 churn v1.4.0: the data has moved away from what it was trained on". */
export function sayHeadline(facts: DriftFacts): string {
  const { alarm, unwatched, report } = facts;
  const shown = findShown(facts);
  const name = escapeProse(facts.model, 100);
  const version = escapeProse(shown?.version ?? facts.version, 40);
  if (alarm.kind === "alarm") return `🟡 ${name} ${version}: ${sayDrifted(facts)}`;
  if (unwatched !== undefined) return `🔴 ${name}: not watched since ${sayDate(unwatched.since)}`;
  if (report !== undefined && isNoNews(report))
    return `🟢 ${name}: ${version} was judged on these very rows, and there are no newer ones`;
  if (sayTitle(facts) === "watched again") return `🟢 ${name}: watched again, and no alarm`;
  return `🟢 ${name}: no drift any more, ${version} fits today's data`;
}

/** Since when, how often, and what the newest watch says where that is something else. */
export function sayState(facts: DriftFacts): string {
  const { alarm, report } = facts;
  if (alarm.kind !== "alarm") return "";
  const parts = [
    `**Since** ${sayDate(alarm.since ?? "")}`,
    alarm.of > 1 ? `: ${alarm.violated} of the last ${alarm.of} watches found it.` : ".",
  ];
  if (alarm.violated < alarm.after && findShown(facts)?.lead?.drifted === true)
    parts.push(" A lead that is lost is an alarm at once.");
  if (report?.verdict === "quiet")
    parts.push(` The newest is quiet: ${alarm.quiet} of the ${alarm.after} in a row that end the alarm.`);
  if (report?.verdict === "error" || report?.verdict === "not-enough-data")
    parts.push(` The newest, of ${sayDate(report.at)}, could say nothing: ${escapeProse(report.because, 300)}`);
  return asSentence(parts.join(""));
}

/** Since when nobody has watched, and why as far as it is known. */
export function sayUnwatched({ unwatched, report, schedule }: DriftFacts): string {
  if (unwatched === undefined) return "";
  const unit = { hourly: "hour", daily: "day", weekly: "week" }[schedule];
  const since = `nothing has been said of this model since ${sayMoment(unwatched.since)}, ${formatUnits(unwatched.periods, unit)} ago, and it is to be watched ${schedule}.`;
  const why =
    unwatched.failed && report !== undefined
      ? `The watch runs and fails: ${asSentence(escapeProse(report.because, 600))}`
      : "Is the workflow's `schedule:` switched off (GitHub does that after 60 quiet days), or does its job `watch` fail? Starting the workflow by hand with the command `watch` shows it.";
  return `${asSentence(since)} ${why} This closes once a watch runs.`;
}

export function saySnooze({ snooze }: DriftFacts): string {
  if (snooze === undefined) return "";
  const by = snooze.by === null ? "somebody who may edit this" : escapeCell(`@${snooze.by}`, 60);
  return `😴 **Snoozed until ${sayMoment(snooze.until)}** by ${by}: no comment and no retraining pull request until then; this page goes on.`;
}
