import type { Comparison, EstimateRecord, MetricComparison } from "#core/evidence.ts";
import type { Estimate } from "#core/statistics/estimate.ts";

/** The record's estimate, or undefined unless all three of its numbers were measured and agree with each other. */
export function measured(record: EstimateRecord | null | undefined): Estimate | undefined {
  if (record === null || record === undefined) return undefined;
  const { point, low, high, n } = record;
  if (point === null || low === null || high === null) return undefined;
  // a claim from a job: an interval that does not hold its point is none
  const sound = [point, low, high].every(Number.isFinite) && low <= point && point <= high;
  return sound ? { point, low, high, n } : undefined;
}

/** The one metric of that name; two of a name are as good as none. */
export function findMetric(comparison: Comparison, name: string): MetricComparison | undefined {
  const found = comparison.metrics.filter((metric) => metric.name === name);
  return found.length === 1 ? found[0] : undefined;
}
