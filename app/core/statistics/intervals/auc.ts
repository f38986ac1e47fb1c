import type { Estimate } from "#core/statistics/estimate.ts";
import { criticalT } from "#core/statistics/tails/critical-t.ts";
import { estimateProportion } from "./proportion.ts";
import { notMeasured, unseenHalfWidth, widen } from "./unseen.ts";

/** For each positive the share of negatives below it, for each negative the share of positives above it; ties ½. */
export type Placements = { auc: number; ofPositives: Float64Array; ofNegatives: Float64Array };

/** Placements of one side's scores (DeLong, DeLong & Clarke-Pearson 1988), O(n log n). Labels are 0 or 1. */
export function placeScores(labels: Uint8Array, scores: Float64Array): Placements {
  const positives = scores.filter((_, row) => labels[row] === 1);
  const negatives = scores.filter((_, row) => labels[row] === 0);
  const sortedPositives = positives.toSorted();
  const sortedNegatives = negatives.toSorted();
  const ofPositives = positives.map((score) => shareBelow(sortedNegatives, score));
  const ofNegatives = negatives.map((score) => 1 - shareBelow(sortedPositives, score));
  return { auc: ofPositives.reduce((sum, share) => sum + share, 0) / positives.length, ofPositives, ofNegatives };
}

/**
 * AUC with Wilson's interval on the effective number of rows that DeLong's variance amounts to (at most all rows; the
 * smaller class where every pair is ordered alike). One class only is not measured.
 */
export function estimateAuc({ auc, ofPositives, ofNegatives }: Placements): Estimate {
  const rows = ofPositives.length + ofNegatives.length;
  const smaller = Math.min(ofPositives.length, ofNegatives.length);
  if (smaller === 0 || !Number.isFinite(auc)) return notMeasured(rows);
  const variance = smaller < 2 ? 0 : covariance(ofPositives, ofPositives) + covariance(ofNegatives, ofNegatives);
  const effective = variance > 0 ? Math.min(rows, (auc * (1 - auc)) / variance) : smaller;
  return { ...estimateProportion(auc * effective, effective, rows), point: auc };
}

/**
 * Candidate − other, paired, by DeLong's covariance; Student's t on the smaller class less one, as the variance is
 * estimated from it. Not measured with fewer than two rows of a class.
 */
export function estimateAucDifference(candidate: Placements, other: Placements): Estimate {
  const rows = candidate.ofPositives.length + candidate.ofNegatives.length;
  const smaller = Math.min(candidate.ofPositives.length, candidate.ofNegatives.length);
  const point = candidate.auc - other.auc;
  if (smaller < 2 || !Number.isFinite(point)) return notMeasured(rows);
  const positives = candidate.ofPositives.map((share, row) => share - (other.ofPositives[row] ?? NaN));
  const negatives = candidate.ofNegatives.map((share, row) => share - (other.ofNegatives[row] ?? NaN));
  const variance = covariance(positives, positives) + covariance(negatives, negatives);
  const half = criticalT(smaller - 1) * Math.sqrt(variance);
  const floor = unseenHalfWidth([estimateAuc(candidate), estimateAuc(other)]);
  return widen({ point, low: point - half, high: point + half, n: rows }, floor, { low: -1, high: 1 });
}

/** Covariance of two means over the same units. */
function covariance(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  const meanA = a.reduce((sum, value) => sum + value, 0) / n;
  const meanB = b.reduce((sum, value) => sum + value, 0) / n;
  return a.reduce((sum, value, row) => sum + (value - meanA) * ((b[row] ?? NaN) - meanB), 0) / (n - 1) / n;
}

function shareBelow(sorted: Float64Array, value: number): number {
  const below = firstAt(sorted, (other) => other >= value);
  const notAbove = firstAt(sorted, (other) => other > value);
  return (below + notAbove) / 2 / sorted.length;
}

function firstAt(sorted: Float64Array, reached: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reached(sorted[middle] ?? NaN)) high = middle;
    else low = middle + 1;
  }
  return low;
}
