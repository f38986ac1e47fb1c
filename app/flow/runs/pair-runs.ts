import type { Comparison, EstimateRecord, MetricComparison } from "#core/evidence.ts";
import { subjectOfRun } from "#core/identity/subject.ts";
import type { RecordedRun } from "./read-runs.ts";

/**
 * What is known of two runs on one evaluation, as if `b` were the candidate and `a` the production: paired where they were
 * compared with one another, either way round; else both sides without a difference, where both sat the same one.
 */
export function pairRuns(a: RecordedRun, b: RecordedRun): Comparison | undefined {
  const [left, right] = [subjectOfRun(a.run), subjectOfRun(b.run)];
  const paired = b.comparisons.findLast(({ production, error }) => production === left && error === null);
  if (paired !== undefined) return paired;
  const turned = a.comparisons.findLast(({ production, error }) => production === right && error === null);
  if (turned !== undefined) return turn(turned);
  for (const own of b.comparisons.toReversed()) {
    const other = a.comparisons.find(({ evaluation, error }) => evaluation === own.evaluation && error === null);
    if (other !== undefined && own.error === null && sameRows(own, other)) return setBeside(own, other);
  }
  return undefined;
}

const sameRows = (a: Comparison, b: Comparison): boolean =>
  a.units === b.units && a.dropped.join("\0") === b.dropped.join("\0");

function turn(comparison: Comparison): Comparison {
  return {
    ...comparison,
    candidate: comparison.production ?? "",
    production: comparison.candidate,
    flips:
      comparison.flips === null
        ? null
        : { newlyRight: comparison.flips.newlyWrong, newlyWrong: comparison.flips.newlyRight },
    metrics: comparison.metrics.map((metric): MetricComparison => ({
      ...metric,
      candidate: metric.production ?? unmeasured,
      production: metric.candidate,
      versusProduction: metric.versusProduction === null ? null : negate(metric.versusProduction),
    })),
    slices: [],
  };
}

const unmeasured: EstimateRecord = { point: null, low: null, high: null, n: 0 };
const minus = (value: number | null): number | null => (value === null ? null : -value);
const negate = ({ point, low, high, n }: EstimateRecord): EstimateRecord => ({
  point: minus(point),
  low: minus(high),
  high: minus(low),
  n,
});

function setBeside(own: Comparison, other: Comparison): Comparison {
  const metrics = own.metrics.map((metric): MetricComparison => ({
    ...metric,
    production: other.metrics.find(({ name }) => name === metric.name)?.candidate ?? null,
    versusProduction: null,
    versusBaseline: null,
  }));
  return { ...own, production: other.candidate, baseline: null, flips: null, metrics, slices: [] };
}
