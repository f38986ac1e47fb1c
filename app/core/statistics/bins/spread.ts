import type { Bin } from "#core/profile/number-bins.ts";

/**
 * The value below which this share lies: linear interpolation between order statistics (Hyndman & Fan's type 7), the
 * values of a bin spread evenly over it. NaN without values.
 */
export function quantileOf(bins: readonly Bin[], share: number): number {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const position = (total - 1) * share;
  const below = valueAt(bins, Math.floor(position));
  const rest = position - Math.floor(position);
  return rest === 0 ? below : below + (valueAt(bins, Math.floor(position) + 1) - below) * rest;
}

function valueAt(bins: readonly Bin[], rank: number): number {
  let before = 0;
  for (const { low, high, count } of bins) {
    if (rank < before + count) return low === high ? low : low + (high - low) * ((rank - before + 0.5) / count);
    before += count;
  }
  return NaN;
}

/**
 * Spread that outliers do not move: interquartile range / 1.349 (the standard deviation, if normal), else the standard
 * deviation where the quartiles coincide, else 1.
 */
export function robustSpread(bins: readonly Bin[]): number {
  const range = quantileOf(bins, 0.75) - quantileOf(bins, 0.25);
  if (range > 0) return range / 1.349;
  const deviation = deviationOf(bins);
  return deviation > 0 ? deviation : 1;
}

/** Standard deviation of these values as a population. */
export function deviationOf(bins: readonly Bin[]): number {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const mean = bins.reduce((sum, { low, high, count }) => sum + count * (low / 2 + high / 2), 0) / total;
  const squares = bins.reduce(
    (sum, { low, high, count }) => sum + count * ((low / 2 + high / 2 - mean) ** 2 + (high - low) ** 2 / 12),
    0,
  );
  return Math.sqrt(squares / total);
}
