import { estimateProportion } from "./intervals/proportion.ts";
import type { Estimate } from "./estimate.ts";
import { normalTail } from "./tails/normal-tail.ts";

/**
 * Two-sided p that two shares are the same: the pooled z-test, or Fisher's exact test where one of the four counts is
 * expected below 5. NaN where a side is empty.
 */
export function testProportions(x: number, n: number, y: number, m: number): number {
  if (n === 0 || m === 0) return NaN;
  const all = n + m;
  const hits = x + y;
  if (hits === 0 || hits === all) return 1;
  if ((Math.min(n, m) * Math.min(hits, all - hits)) / all < 5) return fisher(x, n, y, m);
  const share = hits / all;
  const z = Math.abs(x / n - y / m) / Math.sqrt(share * (1 - share) * (1 / n + 1 / m));
  return 2 * normalTail(z);
}

/** Second − first with a 95 % interval: Newcombe's square-and-add of Wilson's intervals (1998, method 10). */
export function estimateDifference(x: number, n: number, y: number, m: number): Estimate {
  const [before, now] = [estimateProportion(x, n), estimateProportion(y, m)];
  const point = now.point - before.point;
  return {
    point,
    low: point - Math.hypot(now.point - now.low, before.high - before.point),
    high: point + Math.hypot(now.high - now.point, before.point - before.low),
    n: Math.min(n, m),
  };
}

/** Sum of the probabilities of all tables with these margins that are no likelier than this one. */
function fisher(x: number, n: number, y: number, m: number): number {
  // counted by the rarer outcome, whose number of tables is small here
  if (x + y > (n + m) / 2) return fisher(n - x, n, m - y, m);
  const hits = x + y;
  const [least, most] = [Math.max(0, hits - m), Math.min(n, hits)];
  // ratio of neighbouring terms, from the least table up, in logarithms
  const logs: number[] = [0];
  for (let k = least; k < most; k++)
    logs.push((logs.at(-1) ?? 0) + Math.log(((hits - k) * (n - k)) / ((k + 1) * (m - hits + k + 1))));
  const top = logs.reduce((most, log) => Math.max(most, log));
  const weights = logs.map((log) => Math.exp(log - top));
  const seen = weights[x - least] ?? NaN;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return Math.min(1, sum(weights.filter((weight) => weight <= seen * (1 + 1e-7))) / sum(weights));
}
