import { parseDurationMs } from "#core/config/duration.ts";
import type { Snooze } from "./night.ts";

/** Nobody sleeps for longer. */
const longestMs = 52 * 604_800_000;

/** Until when a snooze of "2w", "10d" or "12h" from `at` lasts; "off" ends at once. Undefined: neither, or over a year. */
export function readSnooze(text: string, at: Date): Date | undefined {
  if (text === "off") return at;
  const ms = /^\d+[hdw]$/.test(text) ? parseDurationMs(text) : undefined;
  return ms === undefined || ms > longestMs ? undefined : new Date(at.getTime() + ms);
}

/** The snooze that holds now. */
export function activeSnooze(snooze: Snooze | undefined, now: Date): Snooze | undefined {
  return snooze !== undefined && Date.parse(snooze.until) > now.getTime() ? snooze : undefined;
}

const boxes = [
  { text: "Snooze for a week", time: "1w" },
  { text: "Snooze for two weeks", time: "2w" },
  { text: "Snooze for a month", time: "30d" },
] as const;
const endBox = { text: "End the snooze", time: "off" } as const;

/** The boxes that a person may tick in the issue. */
export function renderBoxes(isSnoozed: boolean): string {
  const shown = isSnoozed ? [endBox] : boxes;
  return shown.map(({ text, time }) => `- [ ] ${text} <!-- snooze:${time} -->`).join("\n");
}

/** The box that somebody has ticked, as `readSnooze` reads it: the last of several. */
export function readTick(body: string): string | undefined {
  const lines = body.slice(0, 70_000).split(/\r?\n/);
  const times = lines.map((line) => /^[-*] \[[xX]\] .{1,60} <!-- snooze:(off|\d{1,2}[dw]) -->\s*$/.exec(line)?.[1]);
  return times.findLast((time) => time !== undefined);
}
