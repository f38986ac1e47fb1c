import type { DriftColumn } from "#core/drift/drift-record.ts";
import { estimateDifference } from "#core/statistics/compare-proportions.ts";
import type { LevelPair } from "./pair-levels.ts";
import { sayLevel } from "./say-move.ts";
import { saySigned, sayShare } from "./say-amount.ts";

type Rate = NonNullable<DriftColumn["rate"]>;
const yes = /^(?:1|true|yes|y|t)$/i;

/** Of two values the one that means yes, else the rarer: its share on both sides. undefined unless there are two. */
export function describeRate({ counts: { levels, first, second }, totals }: LevelPair): Rate | undefined {
  if (levels.length !== 2) return undefined;
  const [n, m] = totals;
  const rarer = (first[0] ?? 0) <= (first[1] ?? 0) ? 0 : 1;
  const named = levels.findIndex((level) => yes.test(level));
  const index = named === -1 ? rarer : named;
  const [value = "", x, y] = [levels[index], first[index] ?? 0, second[index] ?? 0];
  return { value: value.slice(0, 1_000), before: x / n, now: y / m, change: estimateDifference(x, n, y, m) };
}

/** `"1" 16.1 % → 21.3 % (+5.2 points, 95 % interval +4.9 to +5.5)`. */
export function sayRate({ value, before, now, change }: Rate): string {
  const points = (share: number | null): string => saySigned((share ?? NaN) * 100, (size) => size.toFixed(1));
  return `${sayLevel(value)} ${sayShare(before)} → ${sayShare(now)} (${points(change.point)} points, 95 % interval ${points(change.low)} to ${points(change.high)})`;
}
