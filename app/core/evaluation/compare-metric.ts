import type { MetricDefinition } from "#core/config/config.ts";
import type { EstimateRecord, MetricComparison } from "#core/evidence.ts";
import type { Estimate } from "#core/statistics/estimate.ts";
import { notMeasured } from "#core/statistics/intervals/unseen.ts";

/** How one metric is read from a side, and from two sides paired on the same units. */
export type Measure<Side> = {
  single(side: Side): Estimate;
  /** candidate − other */
  difference(candidate: Side, other: Side): Estimate;
};

/** The subjects that sat one evaluation. `identical`: the very same bytes with the very same answers. */
export type Sides<Side> = {
  candidate: Side;
  production: Side | undefined;
  baseline: Side | undefined;
  identical(candidate: Side, other: Side): boolean;
};

/** One metric of every side and the paired differences, as evidence. */
export function compareMetric<Side>(
  metric: MetricDefinition,
  measure: Measure<Side>,
  sides: Sides<Side>,
): MetricComparison {
  const single = (side: Side | undefined): EstimateRecord | null =>
    side === undefined ? null : record(measure.single(side));
  const difference = (other: Side | undefined): EstimateRecord | null => {
    if (other === undefined) return null;
    const own = measure.single(sides.candidate);
    if (!sides.identical(sides.candidate, other)) return record(measure.difference(sides.candidate, other));
    return record(Number.isFinite(own.point) ? { point: 0, low: 0, high: 0, n: own.n } : notMeasured(own.n));
  };
  return {
    name: metric.name,
    better: metric.better,
    unit: metric.unit ?? null,
    candidate: record(measure.single(sides.candidate)),
    production: single(sides.production),
    baseline: single(sides.baseline),
    versusProduction: difference(sides.production),
    versusBaseline: difference(sides.baseline),
  };
}

/** An estimate as JSON can say it: what was not measured is null in all three. */
function record({ point, low, high, n }: Estimate): EstimateRecord {
  const whole = Number.isFinite(point) && Number.isFinite(low) && Number.isFinite(high);
  return whole ? { point, low, high, n } : { point: null, low: null, high: null, n };
}
