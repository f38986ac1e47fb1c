import type { Estimate } from "#core/statistics/estimate.ts";
import { criticalZ } from "#core/statistics/tails/critical-t.ts";
import { notMeasured } from "./unseen.ts";

/** A share with Wilson's score interval (Wilson 1927), honest down to one trial. `trials` may be an effective number. */
export function estimateProportion(successes: number, trials: number, n = trials): Estimate {
  if (!(trials > 0)) return notMeasured(n);
  const share = successes / trials;
  const z2 = criticalZ * criticalZ;
  const centre = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = (criticalZ / (1 + z2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials * trials));
  return {
    point: share,
    low: Math.max(0, Math.min(share, centre - half)),
    high: Math.min(1, Math.max(share, centre + half)),
    n,
  };
}

/**
 * Difference of two shares on the same units: `gained` units only the candidate got, `lost` ones only the other got.
 * Adjusted Wald interval (Bonett & Price 2012): one more in each of the two, two more units.
 */
export function estimatePairedProportions(gained: number, lost: number, n: number): Estimate {
  if (n < 1) return notMeasured(n);
  const up = (gained + 1) / (n + 2);
  const down = (lost + 1) / (n + 2);
  const half = criticalZ * Math.sqrt((up + down - (up - down) ** 2) / (n + 2));
  const point = (gained - lost) / n;
  return {
    point,
    low: Math.max(-1, Math.min(point, up - down - half)),
    high: Math.min(1, Math.max(point, up - down + half)),
    n,
  };
}
