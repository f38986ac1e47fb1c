/**
 * A range with a tenth of its width more on both sides, rounded outward to a hundredth of the width or a plainer number.
 * What was never below zero is not expected to be.
 */
export function widenRange({ low, high }: { low: number; high: number }, whole: boolean): [number, number] {
  const width = high - low;
  const slack = width === 0 ? Math.abs(high) / 10 || 1 : width / 10;
  const power = 10 ** Math.floor(Math.log10(slack));
  const step = whole ? Math.max(1, power) : power;
  const below = Math.floor((low - slack) / step) * step;
  const above = Math.ceil((high + slack) / step) * step;
  return [plain(low >= 0 && below < 0 ? 0 : below, step), plain(high <= 0 && above > 0 ? 0 : above, step)];
}

/** 0.30000000000000004 is 0.3: no more decimals than the step has. */
function plain(value: number, step: number): number {
  const decimals = step >= 1 ? 0 : Math.min(100, Math.ceil(-Math.log10(step)));
  const rounded = Number(value.toFixed(decimals));
  return Object.is(rounded, -0) ? 0 : rounded;
}
