import type { MetricDefinition } from "#core/config/config.ts";
import type { Estimate } from "#core/statistics/estimate.ts";
import { estimateAuc, estimateAucDifference, placeScores } from "#core/statistics/intervals/auc.ts";
import {
  countConfusion,
  estimateConfusion,
  estimateConfusionDifference,
  type ConfusionMetric,
} from "#core/statistics/intervals/confusion.ts";
import { unseenHalfWidth, widen } from "#core/statistics/intervals/unseen.ts";
import type { Measure } from "./compare-metric.ts";
import { measureOwn, type OwnValues } from "./own-metric.ts";
import { measureMean } from "./measure-mean.ts";

/** One subject's scores in the order of the rows, with the team's own metrics worked out row by row. */
export type BinarySide = { subject: string; scores: Float64Array; own: ReadonlyMap<string, OwnValues> };

/** Reads a metric of the task `binary`; undefined for one of another task. */
export function measureBinary(
  { name, definition }: MetricDefinition,
  labels: Uint8Array,
): Measure<BinarySide> | undefined {
  switch (definition.kind) {
    case "auc":
      return {
        single: (side) => estimateAuc(placeScores(labels, side.scores)),
        difference: (a, b) => estimateAucDifference(placeScores(labels, a.scores), placeScores(labels, b.scores)),
      };
    case "log-loss":
      return measureMean((side) => side.scores.map((score, row) => logLoss(score, labels[row] === 1)));
    case "accuracy":
    case "precision":
    case "recall":
      return measureConfusion(definition.kind, definition.threshold, labels);
    case "mean":
    case "ratio":
      return measureOwn(name);
    case "ndcg":
    case "hit-rate":
    case "recall-at":
      return undefined;
  }
}

function measureConfusion(kind: ConfusionMetric, threshold: number, labels: Uint8Array): Measure<BinarySide> {
  const single = (side: BinarySide): Estimate =>
    estimateConfusion(kind, countConfusion(labels, side.scores, side.scores, threshold));
  return {
    single,
    difference: (a, b) => {
      const estimate = estimateConfusionDifference(kind, countConfusion(labels, a.scores, b.scores, threshold));
      if (Number.isNaN(estimate.point) || !sameScores(a.scores, b.scores)) return estimate;
      // equal scores say more than equal answers: only what no row has shown is open
      const nothing = { point: 0, low: 0, high: 0, n: estimate.n };
      return widen(nothing, unseenHalfWidth([single(a), single(b)]));
    },
  };
}

/** −ln of the probability given to the truth, cut off at 2.2e-16 as scikit-learn does; NaN outside 0 to 1. */
function logLoss(score: number, positive: boolean): number {
  if (!(score >= 0 && score <= 1)) return NaN;
  const given = positive ? score : 1 - score;
  return -Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, given)));
}

export function sameScores(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((score, row) => score === b[row]);
}
