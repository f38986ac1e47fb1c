import type { MetricDefinition } from "#core/config/config.ts";
import type { Comparison } from "#core/evidence.ts";
import { discountedGain, hitRate, recallAt, type RankedQuery } from "#core/statistics/ranking-scores.ts";
import { compareMetric, type Measure } from "./compare-metric.ts";
import { emptyComparison, type ComparisonFrame } from "./frame.ts";
import { measureMean } from "./measure-mean.ts";
import { measureOwn, type OwnValues } from "./own-metric.ts";

/** One subject's rankings, a query each in the same order for all sides; own metrics with one unit a query. */
export type RankingSide = { subject: string; queries: readonly RankedQuery[]; own: ReadonlyMap<string, OwnValues> };
export type RankingSides = {
  candidate: RankingSide;
  production: RankingSide | undefined;
  baseline: RankingSide | undefined;
};

/** Two sides and the baseline on the same queries, aligned: metrics with a query as the unit, and paired differences. */
export function scoreRanking(
  frame: ComparisonFrame,
  metrics: readonly MetricDefinition[],
  sides: RankingSides,
): Comparison {
  const units = sides.candidate.queries.length;
  if (units === 0)
    return emptyComparison(frame, `The holdout has no "${frame.unitName}" with a label left to judge by`);
  const identical = (a: RankingSide, b: RankingSide): boolean =>
    a.subject === b.subject && sameHits(a.queries, b.queries);
  return {
    ...emptyComparison(frame, null),
    units,
    metrics: metrics.flatMap((metric) => {
      const reading = measureRanking(metric);
      return reading === undefined ? [] : [compareMetric(metric, reading, { ...sides, identical })];
    }),
  };
}

/** Ranks that a metric looks at: the deepest of the metrics' cut-offs. */
export function deepestRank(metrics: readonly MetricDefinition[]): number {
  return Math.max(1, ...metrics.map(({ definition }) => ("at" in definition ? definition.at : 1)));
}

function measureRanking({ name, definition }: MetricDefinition): Measure<RankingSide> | undefined {
  switch (definition.kind) {
    case "ndcg":
      return measureQueries(discountedGain, definition.at);
    case "hit-rate":
      return measureQueries(hitRate, definition.at);
    case "recall-at":
      return measureQueries(recallAt, definition.at);
    case "mean":
    case "ratio":
      return measureOwn(name);
    case "auc":
    case "log-loss":
    case "accuracy":
    case "precision":
    case "recall":
      return undefined;
  }
}

function measureQueries(score: (query: RankedQuery, k: number) => number, k: number): Measure<RankingSide> {
  return measureMean((side) => Float64Array.from(side.queries, (query) => score(query, k)), { low: 0, high: 1 });
}

function sameHits(a: readonly RankedQuery[], b: readonly RankedQuery[]): boolean {
  return a.every((query, index) => {
    const other = b[index]?.hits ?? [];
    return query.hits.length === other.length && query.hits.every((hit, rank) => hit === other[rank]);
  });
}
