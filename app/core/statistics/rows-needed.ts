import type { Estimate } from "./estimate.ts";

/**
 * Units that would decide whether a value lies above or below a bar, if value and spread stay as they are: the
 * half-width shrinks with √n until it is the distance to the bar. `undefined` where no number of units would do.
 */
export function rowsNeeded(estimate: Estimate, bar: number, units = estimate.n): number | undefined {
  const distance = Math.abs(estimate.point - bar);
  const halfWidth = estimate.point > bar ? estimate.point - estimate.low : estimate.high - estimate.point;
  const needed = Math.ceil(units * (halfWidth / distance) ** 2);
  return Number.isFinite(needed) && needed < 1e12 ? Math.max(units + 1, needed) : undefined;
}
