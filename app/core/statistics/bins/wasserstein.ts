import type { Cells } from "./pair-bins.ts";

/**
 * First Wasserstein distance, in the unit of the values: the area between the two distribution functions, which run
 * straight inside a cell. Exact where every value is a cell of its own. NaN where a side is empty.
 */
export function wassersteinDistance({ cells, n, m }: Cells): number {
  if (n === 0 || m === 0) return NaN;
  let area = 0;
  let i = 0;
  let j = 0;
  let before = 0;
  let at = cells[0]?.low ?? NaN;
  for (const { low, high, x, y } of cells) {
    i += x;
    j += y;
    const after = i / n - j / m;
    area += (low - at) * Math.abs(before);
    if (high > low) area += (high - low) * meanDistance(before, after);
    before = after;
    at = high;
  }
  return area;
}

/** Mean of |d| where d goes straight from one value to the other. */
function meanDistance(from: number, to: number): number {
  const a = Math.abs(from);
  const b = Math.abs(to);
  return from * to >= 0 ? (a + b) / 2 : (a * a + b * b) / (2 * (a + b));
}
