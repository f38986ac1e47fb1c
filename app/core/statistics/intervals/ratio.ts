import type { Estimate } from "#core/statistics/estimate.ts";
import { criticalT } from "#core/statistics/tails/critical-t.ts";
import { moments } from "./mean.ts";
import { notMeasured, unseenHalfWidth, unseenShare, widen } from "./unseen.ts";

/** Numerator and denominator of a ratio of sums, unit by unit. */
export type RatioUnits = { over: Float64Array; under: Float64Array };

/**
 * Σ over / Σ under by the delta method: each unit's influence is (over − R·under) / mean(under). Not measured with
 * fewer than two units, or where the denominator cannot be told from zero: there the method has no meaning.
 */
export function estimateRatio(units: RatioUnits): Estimate {
  const n = units.over.length;
  const linear = linearise(units);
  if (linear === undefined) return notMeasured(n);
  const estimate = around(linear.ratio, linear.influence);
  const constant = moments(linear.influence).deviation === 0;
  return widen(estimate, constant ? unseenShare(n) * Math.max(1, Math.abs(linear.ratio)) : 0);
}

/** Candidate − other of two ratios on the same units: the influences are subtracted unit by unit. */
export function estimateRatioDifference(candidate: RatioUnits, other: RatioUnits): Estimate {
  const n = candidate.over.length;
  if (n !== other.over.length) throw new RangeError(`Cannot pair ${n} units with ${other.over.length}`);
  const a = linearise(candidate);
  const b = linearise(other);
  if (a === undefined || b === undefined) return notMeasured(n);
  const influence = a.influence.map((value, unit) => value - (b.influence[unit] ?? NaN));
  return widen(around(a.ratio - b.ratio, influence), unseenHalfWidth([estimateRatio(candidate), estimateRatio(other)]));
}

/** Sums of the values of each group, groups numbered 0 to `groups` − 1: units that belong together become one. */
export function sumByGroup(values: Float64Array, group: Uint32Array, groups: number): Float64Array {
  const sums = new Float64Array(groups);
  group.forEach((key, row) => {
    sums[key] = (sums[key] ?? NaN) + (values[row] ?? NaN);
  });
  return sums;
}

/** Mean over rows whose rows belong together in groups: a ratio of the groups' sums to their sizes, n = groups. */
export function groupUnits(values: Float64Array, group: Uint32Array, groups: number): RatioUnits {
  const ones = new Float64Array(values.length).fill(1);
  return { over: sumByGroup(values, group, groups), under: sumByGroup(ones, group, groups) };
}

function linearise({ over, under }: RatioUnits): { ratio: number; influence: Float64Array } | undefined {
  const n = over.length;
  if (n < 2 || !over.every(Number.isFinite) || !under.every(Number.isFinite)) return undefined;
  const below = moments(under);
  if (Math.abs(below.mean) <= (criticalT(n - 1) * below.deviation) / Math.sqrt(n)) return undefined;
  const ratio = moments(over).mean / below.mean;
  return { ratio, influence: over.map((value, unit) => (value - ratio * (under[unit] ?? NaN)) / below.mean) };
}

function around(point: number, influence: Float64Array): Estimate {
  const n = influence.length;
  const half = (criticalT(n - 1) * moments(influence).deviation) / Math.sqrt(n);
  return { point, low: point - half, high: point + half, n };
}
