import type { Bin } from "#core/profile/number-bins.ts";

/** A bin of two samples on one grid: how many of the first and of the second lie from `low` to `high`. */
export type Cell = { low: number; high: number; x: number; y: number };

/** Two samples by cell, in ascending order, with `n` and `m` values in all. */
export type Cells = { cells: readonly Cell[]; n: number; m: number };

/** Both samples' bins, which must be of one grid: equally exact, or equally coarse. Sorted, as `NumberBins` gives them. */
export function pairBins(first: readonly Bin[], second: readonly Bin[]): Cells {
  const cells: Cell[] = [];
  let n = 0;
  let m = 0;
  let i = 0;
  let j = 0;
  while (i < first.length || j < second.length) {
    const a = first[i];
    const b = second[j];
    const order = a === undefined ? 1 : b === undefined ? -1 : a.low - b.low || a.high - b.high;
    const x = order <= 0 ? (a?.count ?? 0) : 0;
    const y = order >= 0 ? (b?.count ?? 0) : 0;
    const { low, high } = (order <= 0 ? a : b) ?? { low: NaN, high: NaN };
    cells.push({ low, high, x, y });
    n += x;
    m += y;
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return { cells, n, m };
}

/** The cells with the outermost ones cut to what the samples reach. */
export function clipCells({ cells, n, m }: Cells, min: number, max: number): Cells {
  const clipped = [...cells];
  const first = clipped[0];
  if (first !== undefined) clipped[0] = { ...first, low: Math.max(first.low, Math.min(min, first.high)) };
  const last = clipped.at(-1);
  const end = cells.at(-1);
  if (last !== undefined && end !== undefined)
    clipped[clipped.length - 1] = { ...last, high: Math.min(last.high, Math.max(max, end.low)) };
  return { cells: clipped, n, m };
}
