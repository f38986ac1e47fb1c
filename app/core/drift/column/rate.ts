import type { DriftColumn } from "#core/drift/drift-record.ts";
import { estimateDifference } from "#core/statistics/compare-proportions.ts";
import type { LevelPair } from "./pair-levels.ts";
import { sayLevel } from "./say-move.ts";
import { saySigned, sayShare } from "./say-amount.ts";

type Rate = NonNullable<DriftColumn["rate"]>;
const yes = /^(?:1|true|yes|y|t)$/i;

/** Of two values the one that means yes, else the rarer: its share on both sides. undefined unless there are two. */
export function describeRate({ reference, current, totals }: LevelPair): Rate | undefined {
  const values = [...new Set([...reference.keys(), ...current.keys()])];
  if (values.length !== 2) return undefined;
  const [n, m] = totals;
  const rarer = values.toSorted((a, b) => (reference.get(a) ?? 0) - (reference.get(b) ?? 0))[0] ?? "";
  const value = values.find((level) => yes.test(level)) ?? rarer;
  const [x, y] = [reference.get(value) ?? 0, current.get(value) ?? 0];
  return { value: value.slice(0, 1_000), before: x / n, now: y / m, change: estimateDifference(x, n, y, m) };
}

/** `"1" 16.1 % → 21.3 % (+5.2 points, 95 % interval +4.9 to +5.5)`. */
export function sayRate({ value, before, now, change }: Rate): string {
  const points = (share: number | null): string => saySigned((share ?? NaN) * 100, (size) => size.toFixed(1));
  return `${sayLevel(value)} ${sayShare(before)} → ${sayShare(now)} (${points(change.point)} points, 95 % interval ${points(change.low)} to ${points(change.high)})`;
}
