import { estimateMean, estimateMeanDifference, type Range } from "#core/statistics/intervals/mean.ts";
import type { Measure } from "./compare-metric.ts";

/** A metric that is the mean of one value a unit; values are worked out once a side. */
export function measureMean<Side extends object>(values: (side: Side) => Float64Array, range?: Range): Measure<Side> {
  const known = new WeakMap<Side, Float64Array>();
  const of = (side: Side): Float64Array => {
    const value = known.get(side) ?? values(side);
    known.set(side, value);
    return value;
  };
  return {
    single: (side) => estimateMean(of(side), range),
    difference: (candidate, other) => estimateMeanDifference(of(candidate), of(other), range),
  };
}
