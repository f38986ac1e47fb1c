import type { MetricDefinition } from "#core/config/config.ts";
import type { Comparison, MetricComparison } from "#core/evidence.ts";
import { compareMetric, type Sides } from "./compare-metric.ts";
import { emptyComparison, type ComparisonFrame } from "./frame.ts";
import { measureBinary, sameScores, type BinarySide } from "./measure-binary.ts";
import { pickOwn } from "./own-metric.ts";
import { findSlices } from "./slices.ts";

export type BinaryRows = {
  /** 0 or 1, a row each */
  labels: Uint8Array;
  /** columns to slice by: the value of each row as text */
  slices: ReadonlyMap<string, readonly string[]>;
};
export type BinarySides = {
  candidate: BinarySide;
  production: BinarySide | undefined;
  baseline: BinarySide | undefined;
};

/** Two sides and the baseline on the same labelled rows, aligned: metrics, paired differences, slices and flips at 0.5. */
export function scoreBinary(
  frame: ComparisonFrame,
  metrics: readonly MetricDefinition[],
  rows: BinaryRows,
  sides: BinarySides,
): Comparison {
  const units = rows.labels.length;
  if (units === 0) return emptyComparison(frame, "The holdout has no row left to judge by");
  return {
    ...emptyComparison(frame, null),
    units,
    metrics: measure(metrics, rows.labels, sides),
    slices: findSlices(rows.slices).map(({ name, members }) => {
      const picked = (side: BinarySide | undefined): BinarySide | undefined =>
        side === undefined ? undefined : pick(side, members);
      const labels = Uint8Array.from(members, (row) => rows.labels[row] ?? 0);
      const part = {
        candidate: pick(sides.candidate, members),
        production: picked(sides.production),
        baseline: picked(sides.baseline),
      };
      return { slice: name, n: members.length, metrics: measure(metrics, labels, part) };
    }),
    flips:
      sides.production === undefined ? null : countFlips(rows.labels, sides.candidate.scores, sides.production.scores),
  };
}

function measure(metrics: readonly MetricDefinition[], labels: Uint8Array, sides: BinarySides): MetricComparison[] {
  const paired: Sides<BinarySide> = {
    ...sides,
    identical: (a, b) => a.subject === b.subject && sameScores(a.scores, b.scores),
  };
  return metrics.flatMap((metric) => {
    const reading = measureBinary(metric, labels);
    return reading === undefined ? [] : [compareMetric(metric, reading, paired)];
  });
}

function pick(side: BinarySide, members: Uint32Array): BinarySide {
  return {
    subject: side.subject,
    scores: Float64Array.from(members, (row) => side.scores[row] ?? NaN),
    own: new Map([...side.own].map(([name, values]) => [name, pickOwn(values, members)])),
  };
}

function countFlips(
  labels: Uint8Array,
  candidate: Float64Array,
  production: Float64Array,
): { newlyRight: number; newlyWrong: number } {
  let newlyRight = 0;
  let newlyWrong = 0;
  labels.forEach((label, row) => {
    const now = (candidate[row] ?? NaN) >= 0.5 === (label === 1);
    const before = (production[row] ?? NaN) >= 0.5 === (label === 1);
    if (now && !before) newlyRight++;
    if (before && !now) newlyWrong++;
  });
  return { newlyRight, newlyWrong };
}
