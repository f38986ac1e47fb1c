import { chiSquaredTail } from "./tails/chi-squared-tail.ts";

export type Association = { v: number; p: number; chiSquared: number; degrees: number };

/**
 * Bias-corrected Cramér's V between "which side" and "which level" (Bergsma 2013), and the chi-squared p of the same
 * table. Levels whose expected count is below 5 on a side are pooled into one. Counts are rows by level.
 */
export function compareMixes(first: ReadonlyMap<string, number>, second: ReadonlyMap<string, number>): Association {
  const n = total(first);
  const m = total(second);
  const all = n + m;
  if (n === 0 || m === 0) return { v: NaN, p: NaN, chiSquared: NaN, degrees: NaN };
  const cells: { x: number; y: number }[] = [];
  const rest = { x: 0, y: 0 };
  const add = (x: number, y: number): void => {
    if (((x + y) * Math.min(n, m)) / all < 5) {
      rest.x += x;
      rest.y += y;
    } else cells.push({ x, y });
  };
  for (const [level, count] of first) add(count, second.get(level) ?? 0);
  for (const [level, count] of second) if (!first.has(level)) add(0, count);
  if (rest.x + rest.y > 0) cells.push(rest);
  if (cells.length < 2) return { v: 0, p: 1, chiSquared: 0, degrees: 0 };
  let chiSquared = 0;
  for (const { x, y } of cells) {
    const ex = ((x + y) * n) / all;
    const ey = ((x + y) * m) / all;
    chiSquared += (x - ex) ** 2 / ex + (y - ey) ** 2 / ey;
  }
  const degrees = cells.length - 1;
  const corrected = Math.max(0, chiSquared / all - degrees / (all - 1));
  // Bergsma's corrected table size; of two sides and K levels the smaller is 2 - 1/(N-1)
  const levels = cells.length - degrees ** 2 / (all - 1);
  const divisor = Math.min(levels - 1, 1 - 1 / (all - 1));
  const v = divisor > 0 ? Math.min(1, Math.sqrt(corrected / divisor)) : 0;
  return { v, p: chiSquaredTail(chiSquared, degrees), chiSquared, degrees };
}

function total(counts: ReadonlyMap<string, number>): number {
  return counts.values().reduce((sum, count) => sum + count, 0);
}
