import type { Estimate } from "#core/statistics/estimate.ts";
import { criticalZ } from "#core/statistics/tails/critical-t.ts";
import { estimatePairedProportions, estimateProportion } from "./proportion.ts";
import { notMeasured } from "./unseen.ts";

export type ConfusionMetric = "accuracy" | "precision" | "recall";

/**
 * Rows by truth and by what two sides said: `cells[4·y + 2·a + b]`, with y the label, a the candidate's answer and b
 * the other's. For one side alone give it twice.
 */
export type ConfusionCells = readonly number[];

/** Counts the cells; an answer is "yes" from the threshold up. Labels are 0 or 1. */
export function countConfusion(
  labels: Uint8Array,
  a: Float64Array,
  b: Float64Array,
  threshold: number,
): ConfusionCells {
  const cells: number[] = Array.from({ length: 8 }, () => 0);
  labels.forEach((label, row) => {
    const cell = 4 * label + ((a[row] ?? NaN) >= threshold ? 2 : 0) + ((b[row] ?? NaN) >= threshold ? 1 : 0);
    cells[cell] = (cells[cell] ?? 0) + 1;
  });
  return cells;
}

/** The candidate's metric with Wilson's interval; `n` is the metric's own denominator, 0 of which is not measured. */
export function estimateConfusion(metric: ConfusionMetric, cells: ConfusionCells): Estimate {
  const [tn0 = 0, tn1 = 0, fp0 = 0, fp1 = 0, fn0 = 0, fn1 = 0, tp0 = 0, tp1 = 0] = cells;
  const [tn, fp, fn, tp] = [tn0 + tn1, fp0 + fp1, fn0 + fn1, tp0 + tp1];
  if (metric === "accuracy") return estimateProportion(tp + tn, tp + tn + fp + fn);
  return estimateProportion(tp, metric === "recall" ? tp + fn : tp + fp);
}

/**
 * Candidate − other. Accuracy and recall are shares of the same rows: adjusted Wald (Bonett & Price 2012). Precision
 * has a denominator a side: delta method over the cells, half a row added to each (as Agresti & Caffo 2000 do).
 */
export function estimateConfusionDifference(metric: ConfusionMetric, cells: ConfusionCells): Estimate {
  const [n00 = 0, n01 = 0, n02 = 0, n03 = 0, n10 = 0, n11 = 0, n12 = 0, n13 = 0] = cells;
  const positives = n10 + n11 + n12 + n13;
  if (metric === "recall") return estimatePairedProportions(n12, n11, positives);
  if (metric === "precision") return estimatePrecisionDifference(cells);
  return estimatePairedProportions(n12 + n01, n11 + n02, n00 + n01 + n02 + n03 + positives);
}

function estimatePrecisionDifference(cells: ConfusionCells): Estimate {
  const said = (counts: readonly number[], side: 1 | 2, label?: number): number =>
    counts.reduce((sum, count, cell) => sum + (cell & side && (label ?? cell >> 2) === cell >> 2 ? count : 0), 0);
  const precision = (counts: readonly number[], side: 1 | 2): number => said(counts, side, 1) / said(counts, side);
  const n = cells.reduce((sum, count, cell) => sum + (cell & 3 ? count : 0), 0);
  const point = precision(cells, 2) - precision(cells, 1);
  if (Number.isNaN(point)) return notMeasured(n);
  const smooth = cells.map((count, cell) => (cell & 3 ? count + 0.5 : count));
  const [pa, pb] = [precision(smooth, 2), precision(smooth, 1)];
  const [na, nb] = [said(smooth, 2), said(smooth, 1)];
  const variance = smooth.reduce((sum, count, cell) => {
    const truth = cell >> 2;
    const influence = (cell & 2 ? (truth - pa) / na : 0) - (cell & 1 ? (truth - pb) / nb : 0);
    return sum + count * influence * influence;
  }, 0);
  const half = criticalZ * Math.sqrt(variance);
  return {
    point,
    low: Math.max(-1, Math.min(point, pa - pb - half)),
    high: Math.min(1, Math.max(point, pa - pb + half)),
    n,
  };
}
