import type { Estimate } from "#core/statistics/estimate.ts";
import { criticalT } from "#core/statistics/tails/critical-t.ts";
import { estimatePairedProportions, estimateProportion } from "./proportion.ts";
import { notMeasured, unseenShare, widen } from "./unseen.ts";

/** Smallest and largest value a metric can take for one unit. */
export type Range = { low: number; high: number };

/** Below this many units unlike the commonest value, the sample's own variance is no guide to the population's. */
const fewDeviations = 10;

/**
 * Mean of independent units with Student's t interval. 0/1 values in the range 0 to 1 get Wilson's interval; nearly
 * constant values at least what the unseen share of units could do. One unit without a range is not measured.
 */
export function estimateMean(values: Float64Array, range?: Range): Estimate {
  const n = values.length;
  if (n === 0 || !values.every(Number.isFinite)) return notMeasured(n);
  if (isUnit(range) && areBits(values)) return estimateProportion(count(values), n);
  const { mean, deviation } = moments(values);
  if (n === 1 && range === undefined) return notMeasured(n);
  const half = n === 1 ? 0 : (criticalT(n - 1) * deviation) / Math.sqrt(n);
  const estimate = { point: mean, low: mean - half, high: mean + half, n };
  const scale = range === undefined ? Math.max(1, Math.abs(mean)) : range.high - range.low;
  const constant = range === undefined ? deviation === 0 : deviations(values) < fewDeviations;
  return widen(estimate, constant ? unseenShare(n) * scale : 0, range);
}

/**
 * Mean of the paired differences candidate − other, unit by unit, with Student's t interval; 0/1 values in the range 0
 * to 1 get the adjusted Wald interval of paired proportions. Never narrower than what the unseen units leave open.
 */
export function estimateMeanDifference(candidate: Float64Array, other: Float64Array, range?: Range): Estimate {
  const n = candidate.length;
  if (n !== other.length) throw new RangeError(`Cannot pair ${n} units with ${other.length}`);
  const differences = candidate.map((value, index) => value - (other[index] ?? NaN));
  if (n === 0 || !differences.every(Number.isFinite) || (n === 1 && range === undefined)) return notMeasured(n);
  const same = differences.every((difference) => difference === 0);
  if (!same && isUnit(range) && areBits(candidate) && areBits(other)) {
    const gained = count(differences.map((difference) => (difference > 0 ? 1 : 0)));
    const lost = count(differences.map((difference) => (difference < 0 ? 1 : 0)));
    return estimatePairedProportions(gained, lost, n);
  }
  const { mean, deviation } = moments(differences);
  const half = n === 1 ? 0 : (criticalT(n - 1) * deviation) / Math.sqrt(n);
  const sides = [moments(candidate), moments(other)];
  const widest = Math.max(...sides.map((side) => side.deviation));
  const size = range === undefined ? Math.max(1, ...sides.map((side) => Math.abs(side.mean))) : range.high - range.low;
  const reach = range === undefined ? undefined : { low: range.low - range.high, high: range.high - range.low };
  const estimate = { point: mean, low: mean - half, high: mean + half, n };
  return widen(estimate, unseenShare(n) * (widest > 0 ? widest : size), reach);
}

/** Mean and standard deviation (n − 1), in two passes; a spread within rounding of the mean counts as none. */
export function moments(values: Float64Array): { mean: number; deviation: number } {
  const n = values.length;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / n;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  const deviation = n < 2 ? 0 : Math.sqrt(squares / (n - 1));
  return { mean, deviation: deviation <= Math.abs(mean) * 1e-13 ? 0 : deviation };
}

function isUnit(range: Range | undefined): boolean {
  return range?.low === 0 && range.high === 1;
}

function areBits(values: Float64Array): boolean {
  return values.every((value) => value === 0 || value === 1);
}

function count(bits: Float64Array): number {
  return bits.reduce((sum, bit) => sum + bit, 0);
}

/** How many units differ from the commonest value. */
function deviations(values: Float64Array): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return values.length - counts.values().reduce((most, times) => Math.max(most, times), 0);
}
