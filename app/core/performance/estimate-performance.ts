import type { MetricDefinition } from "#core/config/config.ts";
import type { Estimate } from "#core/statistics/estimate.ts";
import { estimateProportion } from "#core/statistics/intervals/proportion.ts";
import { notMeasured } from "#core/statistics/intervals/unseen.ts";
import { criticalT } from "#core/statistics/tails/critical-t.ts";

/** Answers whose truth is not known yet: the score as given, and the calibrated probability of the label 1. */
export type Unlabelled = { scores: Float64Array; probabilities: Float64Array };

/**
 * What a metric is likely to be on rows without labels, from calibrated probabilities (confidence-based performance
 * estimation, as NannyML calls it): each row counts as positive with its probability. The interval allows for the rows
 * (`n` of them) and for the `reference` rows that the calibration was learnt from. It holds only while the probability of
 * the label given the inputs is what it was. Undefined for a metric that cannot be estimated so.
 */
export function estimateWithoutLabels(
  { definition }: MetricDefinition,
  rows: Unlabelled,
  reference: number,
): Estimate | undefined {
  const n = rows.scores.length;
  // variances of rows and of reference add: as if there were this share of the rows
  const worth = reference > 0 ? reference / (reference + n) : 0;
  switch (definition.kind) {
    case "accuracy":
    case "precision":
    case "recall": {
      const { right, of } = expectCells(rows, definition.threshold)[definition.kind];
      return { ...estimateProportion(right * worth, of * worth, of), n: Math.round(of) };
    }
    case "log-loss":
      return estimateLogLoss(rows, worth);
    case "auc":
      return estimateExpectedAuc(rows, worth);
    case "mean":
    case "ratio":
    case "ndcg":
    case "hit-rate":
    case "recall-at":
      return undefined;
  }
}

type Share = { right: number; of: number };

/** Expected true and false answers: a "yes" is right with the row's probability. */
function expectCells(
  { scores, probabilities }: Unlabelled,
  threshold: number,
): Record<"accuracy" | "precision" | "recall", Share> {
  let [tp, fp, fn, tn] = [0, 0, 0, 0];
  for (const [row, score] of scores.entries()) {
    const p = probabilities[row] ?? NaN;
    if (score >= threshold) {
      tp += p;
      fp += 1 - p;
    } else {
      fn += p;
      tn += 1 - p;
    }
  }
  return {
    accuracy: { right: tp + tn, of: tp + fp + fn + tn },
    precision: { right: tp, of: tp + fp },
    recall: { right: tp, of: tp + fn },
  };
}

/** Mean and variance of a loss that takes one of two values a row. NaN where a score is no probability. */
function estimateLogLoss({ scores, probabilities }: Unlabelled, worth: number): Estimate {
  const n = scores.length;
  if (n < 2 || !scores.every((score) => score >= 0 && score <= 1)) return notMeasured(n);
  let [sum, squares] = [0, 0];
  for (const [row, score] of scores.entries()) {
    const p = probabilities[row] ?? NaN;
    const safe = Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, score));
    const [yes, no] = [-Math.log(safe), -Math.log(1 - safe)];
    sum += p * yes + (1 - p) * no;
    squares += p * yes * yes + (1 - p) * no * no;
  }
  const mean = sum / n;
  const half = criticalT(n - 1) * Math.sqrt(Math.max(0, squares / n - mean * mean) / (n * worth));
  return { point: mean, low: mean - half, high: mean + half, n };
}

/**
 * Share of (positive, negative) pairs in the right order, each pair weighted by the probability that it is one. The
 * interval is Wilson's on the effective number of rows of DeLong's variance, with weights for labels.
 */
function estimateExpectedAuc({ scores, probabilities }: Unlabelled, worth: number): Estimate {
  const n = scores.length;
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let [positives, negatives] = [0, 0];
  for (const p of probabilities) {
    positives += p;
    negatives += 1 - p;
  }
  if (!(positives > 0 && negatives > 0)) return notMeasured(n);
  // placements: for a positive the share of negatives below it, for a negative the share of positives above it
  const below = { positives: new Float64Array(n), negatives: new Float64Array(n) };
  let [seenPositives, seenNegatives] = [0, 0];
  for (let from = 0; from < n;) {
    let to = from;
    let [tiedPositives, tiedNegatives] = [0, 0];
    while (to < n && scores[order[to] ?? 0] === scores[order[from] ?? 0]) {
      const p = probabilities[order[to] ?? 0] ?? NaN;
      tiedPositives += p;
      tiedNegatives += 1 - p;
      to++;
    }
    for (const row of order.subarray(from, to)) {
      below.negatives[row] = (seenNegatives + tiedNegatives / 2) / negatives;
      below.positives[row] = 1 - (seenPositives + tiedPositives / 2) / positives;
    }
    seenPositives += tiedPositives;
    seenNegatives += tiedNegatives;
    from = to;
  }
  const auc = weightedMean(below.negatives, probabilities, positives);
  const rest = probabilities.map((p) => 1 - p);
  const variance =
    weightedVariance(below.negatives, probabilities, positives) / positives +
    weightedVariance(below.positives, rest, negatives) / negatives;
  const effective = worth * (variance > 0 ? Math.min(n, (auc * (1 - auc)) / variance) : Math.min(positives, negatives));
  return { ...estimateProportion(auc * effective, effective, n), point: auc };
}

function weightedMean(values: Float64Array, weights: Float64Array, total: number): number {
  return values.reduce((sum, value, row) => sum + value * (weights[row] ?? NaN), 0) / total;
}

function weightedVariance(values: Float64Array, weights: Float64Array, total: number): number {
  const mean = weightedMean(values, weights, total);
  return values.reduce((sum, value, row) => sum + (weights[row] ?? NaN) * (value - mean) ** 2, 0) / total;
}
