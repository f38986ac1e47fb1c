import type { Estimate } from "#core/statistics/estimate.ts";

/** Difference of two independent estimates: each end moves by the root of the squared distances (Newcombe 1998). */
export function subtractIndependent(a: Estimate, b: Estimate): Estimate {
  const point = a.point - b.point;
  return {
    point,
    low: point - Math.hypot(a.point - a.low, b.high - b.point),
    high: point + Math.hypot(a.high - a.point, b.point - b.low),
    n: Math.min(a.n, b.n),
  };
}
