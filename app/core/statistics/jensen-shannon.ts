import { sumCounts, type CountPairs } from "./pair-counts.ts";

/**
 * Jensen-Shannon distance of two mixes of levels: 0 for the same shares, 1 for nothing in common (logarithms of base
 * 2). NaN where a side is empty. It grows with the number of levels by sampling alone: a
 * number to look at, not to decide by.
 */
export function jensenShannon({ first, second }: CountPairs): number {
  const [n, m] = [sumCounts(first), sumCounts(second)];
  if (n === 0 || m === 0) return NaN;
  let sum = 0;
  for (let index = 0; index < first.length; index++) {
    const [p, q] = [(first[index] ?? 0) / n, (second[index] ?? 0) / m];
    const middle = (p + q) / 2;
    if (p > 0) sum += (p / 2) * Math.log2(p / middle);
    if (q > 0) sum += (q / 2) * Math.log2(q / middle);
  }
  return Math.sqrt(Math.max(0, sum));
}
