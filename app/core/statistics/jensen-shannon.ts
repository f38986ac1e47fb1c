/**
 * Jensen-Shannon distance of two mixes of levels: 0 for the same shares, 1 for nothing in common (logarithms of base
 * 2). Counts are rows by level. NaN where a side is empty. It grows with the number of levels by sampling alone: a
 * number to look at, not to decide by.
 */
export function jensenShannon(first: ReadonlyMap<string, number>, second: ReadonlyMap<string, number>): number {
  const n = first.values().reduce((sum, count) => sum + count, 0);
  const m = second.values().reduce((sum, count) => sum + count, 0);
  if (n === 0 || m === 0) return NaN;
  let sum = 0;
  const add = (p: number, q: number): void => {
    const middle = (p + q) / 2;
    if (p > 0) sum += (p / 2) * Math.log2(p / middle);
    if (q > 0) sum += (q / 2) * Math.log2(q / middle);
  };
  for (const [level, count] of first) add(count / n, (second.get(level) ?? 0) / m);
  for (const [level, count] of second) if (!first.has(level)) add(0, count / m);
  return Math.sqrt(Math.max(0, sum));
}
