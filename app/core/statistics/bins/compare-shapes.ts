import type { Cells } from "./pair-bins.ts";

export type KolmogorovSmirnov = {
  /** the distance at the ends of the cells: exact where every value is a cell of its own */
  distance: number;
  /** what the distance of the values themselves cannot exceed, wherever they lie in their cells */
  atMost: number;
  p: number;
};

/** Above this many steps the exact recursion gives way to the limit law: about 0.1 s. */
const exactSteps = 3e7;

/**
 * Two-sample Kolmogorov-Smirnov distance and its two-sided p given the ties. Exact while the recursion takes 3e7 steps
 * (about 2·D·n·m: n·m = 1e8 up to D = 0.15), beyond that Kolmogorov's series with Stephens's correction (error <= 1 %
 * above p = 1e-3). NaN where a side is empty.
 */
export function compareShapes(sides: Cells): KolmogorovSmirnov {
  const { cells, n, m } = sides;
  if (n === 0 || m === 0) return { distance: NaN, atMost: NaN, p: NaN };
  let furthest = 0;
  let atMost = 0;
  let i = 0;
  let j = 0;
  let steps = 0;
  for (const { low, high, x, y } of cells) {
    const i1 = i + x;
    const j1 = j + y;
    furthest = Math.max(furthest, Math.abs(i1 * m - j1 * n));
    if (low < high) atMost = Math.max(atMost, i1 * m - j * n, j1 * n - i * m);
    i = i1;
    j = j1;
    steps += ((x + y) * (x + y)) / 2;
  }
  const distance = furthest / (n * m);
  const isFeasible = 2 * furthest + steps <= exactSteps;
  const p = isFeasible ? exactTail(sides, furthest) : limitTail(n, m, distance);
  return { distance, atMost: Math.max(furthest, atMost) / (n * m), p: Math.min(1, Math.max(0, p)) };
}

/**
 * Share of all orderings with the same ties whose path leaves the band |i·m − j·n| < furthest where the pooled sample
 * changes its value. Diagonal by diagonal (d = i + j values seen), and only where the band can still be reached, for
 * outside it the answer is 1. Every term is positive, so nothing cancels.
 */
function exactTail({ cells, n, m }: Cells, furthest: number): number {
  if (furthest === 0) return 1;
  const all = n + m;
  const bound = furthest - 0.5;
  const lowest = (d: number): number => Math.max(0, d - m, Math.ceil((d * n - bound) / all));
  const highest = (d: number): number => Math.min(n, d, Math.floor((d * n + bound) / all));
  /** by i: probability that a path through (i, d − i) has left the band */
  const left = new Float64Array(n + 2);
  let start = 0;
  for (const { x, y } of cells) {
    const end = start + x + y;
    const [first, last] = [lowest(end), highest(end)];
    const from = Math.max(0, start - m, first - (end - start));
    for (let i = from; i < lowest(start); i++) left[i] = 1;
    for (let i = highest(start) + 1; i <= Math.min(last, start, n); i++) left[i] = 1;
    for (let d = start + 1; d <= end; d++) {
      const least = Math.max(0, d - m, first - (end - d));
      for (let i = Math.min(n, d, last); i >= least; i--) {
        const came = i === 0 ? 0 : (left[i - 1] ?? 0) * i;
        left[i] = (came + (i === d ? 0 : (left[i] ?? 0) * (d - i))) / d;
      }
    }
    start = end;
  }
  return left[n] ?? NaN;
}

/** Kolmogorov's limit law; Stephens 1970 for the correction of finite samples. */
function limitTail(n: number, m: number, distance: number): number {
  const root = Math.sqrt((n * m) / (n + m));
  const x = (root + 0.12 + 0.11 / root) * distance;
  if (x <= 0) return 1;
  let sum = 0;
  if (x < 1.18) {
    for (let k = 1; k <= 20; k++) sum += Math.exp((-((2 * k - 1) ** 2) * Math.PI ** 2) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  for (let k = 1; k <= 20; k++) sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
  return 2 * sum;
}
