import { sumCounts, type CountPairs } from "./pair-counts.ts";
import { chiSquaredTail } from "./tails/chi-squared-tail.ts";

export type Association = { v: number; p: number; chiSquared: number; degrees: number };

/**
 * Bias-corrected Cramér's V between "which side" and "which level" (Bergsma 2013), and the chi-squared p of the same
 * table. Levels whose expected count is below 5 on a side are pooled into one.
 */
export function compareMixes({ first, second }: CountPairs): Association {
  const n = sumCounts(first);
  const m = sumCounts(second);
  const all = n + m;
  if (n === 0 || m === 0) return { v: NaN, p: NaN, chiSquared: NaN, degrees: NaN };
  let [cells, chiSquared, restX, restY] = [0, 0, 0, 0];
  const add = (x: number, y: number): void => {
    const ex = ((x + y) * n) / all;
    const ey = ((x + y) * m) / all;
    cells++;
    chiSquared += (x - ex) ** 2 / ex + (y - ey) ** 2 / ey;
  };
  for (let index = 0; index < first.length; index++) {
    const [x, y] = [first[index] ?? 0, second[index] ?? 0];
    if (((x + y) * Math.min(n, m)) / all < 5) {
      restX += x;
      restY += y;
    } else add(x, y);
  }
  if (restX + restY > 0) add(restX, restY);
  if (cells < 2) return { v: 0, p: 1, chiSquared: 0, degrees: 0 };
  const degrees = cells - 1;
  const corrected = Math.max(0, chiSquared / all - degrees / (all - 1));
  // Bergsma's corrected table size; of two sides and K levels the smaller is 2 - 1/(N-1)
  const levels = cells - degrees ** 2 / (all - 1);
  const divisor = Math.min(levels - 1, 1 - 1 / (all - 1));
  const v = divisor > 0 ? Math.min(1, Math.sqrt(corrected / divisor)) : 0;
  return { v, p: chiSquaredTail(chiSquared, degrees), chiSquared, degrees };
}
