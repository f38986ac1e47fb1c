/** The smallest and the largest value, and those that a hundredth of the values lie beyond. */
export type SeenRange = { low: number; high: number; nearLow: number; nearHigh: number };

/**
 * A range with room on both sides: as far again as the last hundredth of the values reached, a tenth of the width at
 * least, rounded outward. What was never below zero is not expected to be.
 */
export function widenRange({ low, high, nearLow, nearHigh }: SeenRange, whole: boolean): [number, number] {
  const least = high === low ? Math.abs(high) / 10 || 1 : (high - low) / 10;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = whole ? Math.max(1, power) : power;
  const below = Math.floor((low - Math.max(least, nearLow - low)) / step) * step;
  const above = Math.ceil((high + Math.max(least, high - nearHigh)) / step) * step;
  return [plain(low >= 0 && below < 0 ? 0 : below, step), plain(high <= 0 && above > 0 ? 0 : above, step)];
}

/** 0.30000000000000004 is 0.3: no more decimals than the step has. */
function plain(value: number, step: number): number {
  const decimals = step >= 1 ? 0 : Math.min(100, Math.ceil(-Math.log10(step)));
  const rounded = Number(value.toFixed(decimals));
  return Object.is(rounded, -0) ? 0 : rounded;
}
