import { estimateMean, estimateMeanDifference } from "#core/statistics/intervals/mean.ts";
import { estimateRatio, estimateRatioDifference, type RatioUnits } from "#core/statistics/intervals/ratio.ts";
import { notMeasured } from "#core/statistics/intervals/unseen.ts";
import type { Measure } from "./compare-metric.ts";

/** A metric in the team's own SQL, unit by unit: a value each (mean), or numerator and denominator each (ratio). */
export type OwnValues = { kind: "mean"; values: Float64Array } | ({ kind: "ratio" } & RatioUnits);

/** Reads the team's own metric of that name. */
export function measureOwn(name: string): Measure<{ own: ReadonlyMap<string, OwnValues> }> {
  return {
    single: ({ own }) => {
      const values = own.get(name);
      if (values === undefined) return notMeasured(0);
      return values.kind === "mean" ? estimateMean(values.values) : estimateRatio(values);
    },
    difference: (candidate, other) => {
      const a = candidate.own.get(name);
      const b = other.own.get(name);
      if (a?.kind === "mean" && b?.kind === "mean") return estimateMeanDifference(a.values, b.values);
      if (a?.kind === "ratio" && b?.kind === "ratio") return estimateRatioDifference(a, b);
      return notMeasured(0);
    },
  };
}

/** The values of some units only, in the order given. */
export function pickOwn(own: OwnValues, units: Uint32Array): OwnValues {
  const pick = (values: Float64Array): Float64Array => Float64Array.from(units, (unit) => values[unit] ?? NaN);
  return own.kind === "mean"
    ? { kind: "mean", values: pick(own.values) }
    : { kind: "ratio", over: pick(own.over), under: pick(own.under) };
}
