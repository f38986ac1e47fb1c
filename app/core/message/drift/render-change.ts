import { escapeCell } from "#core/message/escape.ts";
import { addMarker } from "#core/message/marker.ts";
import type { DriftFacts } from "./drift-facts.ts";
import { nameColumns, sayDate, sayDrifted, sayUnwatched } from "./say-state.ts";

/** What the issue has told already, as its marker says. "" where there was nothing of the kind. */
export type Told = { state: string; worse: string; unwatched: string; snoozed: string };

/** A change of state: worth one comment. `kind` and `at` tell it from all others of the model. */
export type Change = {
  kind: "alarm" | "worse" | "recovered" | "unwatched" | "watched" | "woke";
  at: string;
};

/** What has changed since the issue was last told. */
export function findChanges(told: Told, { alarm, unwatched, nights, snooze }: DriftFacts, now: Date): Change[] {
  const changes: Change[] = [];
  const [was, is] = [told.state === "alarm", alarm.kind === "alarm"];
  const newest = nights.at(-1)?.at ?? "";
  if (unwatched === undefined && told.unwatched !== "") changes.push({ kind: "watched", at: told.unwatched });
  if (!was && is) changes.push({ kind: "alarm", at: alarm.raisedAt ?? newest });
  else if (was && !is) changes.push({ kind: "recovered", at: alarm.recoveredAt ?? newest });
  else if (is && alarm.worse !== undefined && alarm.worse.at > told.worse)
    changes.push({ kind: "worse", at: alarm.worse.at });
  if (unwatched !== undefined && told.unwatched === "") changes.push({ kind: "unwatched", at: unwatched.since });
  // who ends it before its time knows
  const isOver = told.snoozed !== "" && snooze === undefined && Date.parse(told.snoozed) <= now.getTime();
  if (isOver && was && is) changes.push({ kind: "woke", at: told.snoozed });
  return changes;
}

/** The comment on a change. */
export function renderChange(change: Change, facts: DriftFacts): string {
  const { model } = facts;
  return addMarker(sayChange(change, facts), "change", { model, change: change.kind, at: change.at });
}

function sayChange({ kind, at }: Change, facts: DriftFacts): string {
  const { alarm, model, version } = facts;
  switch (kind) {
    case "alarm":
      return `🟡 **Drift again**: ${sayDrifted(facts)}. First seen on ${sayDate(alarm.since ?? at)}; ${alarm.violated} of the last ${alarm.of} watches found it.`;
    case "worse":
      return `🟡 **It has got worse**: ${nameColumns(alarm.worse?.columns ?? [])} since ${sayDate(at)}, which was not so when the alarm was raised.`;
    case "recovered":
      return alarm.quiet >= alarm.after && alarm.after > 1
        ? `🟢 **Recovered**: ${alarm.quiet} quiet watches in a row.`
        : `🟢 **Recovered**: ${escapeCell(model)} ${escapeCell(version, 40)} stands in production, and its watch is quiet.`;
    case "unwatched":
      return `🔴 **Not watched**: ${sayUnwatched(facts)}`;
    case "watched":
      return `🟢 **Watched again**, after nobody had since ${sayDate(at)}.`;
    case "woke":
      return `⏰ **The snooze is over**, and it still drifts: ${sayDrifted(facts)}.`;
  }
}
