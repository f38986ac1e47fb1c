import type { Estimate } from "#core/statistics/estimate.ts";
import { criticalZ } from "#core/statistics/tails/critical-t.ts";

/** A metric that could not be measured: NaN in all three numbers. */
export function notMeasured(n: number): Estimate {
  return { point: NaN, low: NaN, high: NaN, n };
}

/**
 * Share of the population that may be unlike all `n` units seen, at most, with 97.5 % confidence (Clopper & Pearson
 * 1934, zero successes; about 3.7/n). What a sample without any variation leaves open.
 */
export function unseenShare(n: number): number {
  return 1 - 0.025 ** (1 / n);
}

/**
 * The least half-width of a paired difference: the unseen share of the units, each off by one standard deviation of the
 * wider single metric. It only binds where two sides agree almost everywhere, and the sample shows no variation.
 */
export function unseenHalfWidth(singles: readonly Estimate[]): number {
  const widest = Math.max(...singles.map(({ low, high }) => (high - low) / 2));
  const n = Math.min(...singles.map((single) => single.n));
  return n < 1 ? NaN : (unseenShare(n) * widest * Math.sqrt(n)) / criticalZ;
}

/** Widens an interval to at least this half-width about its point, then cuts it to the metric's range. */
export function widen(estimate: Estimate, halfWidth: number, range?: { low: number; high: number }): Estimate {
  const low = Math.min(estimate.low, estimate.point - halfWidth);
  const high = Math.max(estimate.high, estimate.point + halfWidth);
  return { ...estimate, low: Math.max(range?.low ?? -Infinity, low), high: Math.min(range?.high ?? Infinity, high) };
}
