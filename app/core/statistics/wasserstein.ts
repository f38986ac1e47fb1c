/** First Wasserstein distance of two samples, in the unit of the values: the area between their distribution functions. */
export function wassersteinDistance(first: Float64Array, second: Float64Array): number {
  if (first.length === 0 || second.length === 0) return NaN;
  const a = first.toSorted();
  const b = second.toSorted();
  let area = 0;
  let i = 0;
  let j = 0;
  let at = Math.min(a[0] ?? NaN, b[0] ?? NaN);
  while (i < a.length || j < b.length) {
    const next = Math.min(a[i] ?? Infinity, b[j] ?? Infinity);
    area += Math.abs(i / a.length - j / b.length) * (next - at);
    while (i < a.length && a[i] === next) i++;
    while (j < b.length && b[j] === next) j++;
    at = next;
  }
  return area;
}

/**
 * Spread of a sample that outliers do not move: interquartile range / 1.349 (the standard deviation, if normal), else
 * the standard deviation where the quartiles coincide, else 1.
 */
export function robustSpread(values: Float64Array): number {
  const sorted = values.toSorted();
  const range = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  if (range > 0) return range / 1.349;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const deviation = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length);
  return deviation > 0 ? deviation : 1;
}

/** Linear interpolation between order statistics of a sorted sample (Hyndman & Fan's type 7). */
export function quantile(sorted: Float64Array, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}
