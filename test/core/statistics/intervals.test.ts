import { expect, it } from "vitest";
import { estimateAuc, estimateAucDifference, placeScores } from "#core/statistics/intervals/auc.ts";
import {
  countConfusion,
  estimateConfusion,
  estimateConfusionDifference,
} from "#core/statistics/intervals/confusion.ts";
import { estimateMean, estimateMeanDifference } from "#core/statistics/intervals/mean.ts";
import { estimatePairedProportions, estimateProportion } from "#core/statistics/intervals/proportion.ts";
import { estimateRatio, estimateRatioDifference, groupUnits } from "#core/statistics/intervals/ratio.ts";
import { discountedGain, hitRate, recallAt } from "#core/statistics/ranking-scores.ts";
import { rowsNeeded } from "#core/statistics/rows-needed.ts";
import goldens from "./goldens/goldens.json" with { type: "json" };

const floats = (values: readonly number[]): Float64Array => Float64Array.from(values);
const bits = (values: readonly number[]): Uint8Array => Uint8Array.from(values);
const unit = { low: 0, high: 1 };

/** What an estimate must be, to so many digits. */
function near({ point, low, high }: { point: number; low: number; high: number }, digits = 11): object {
  return { point: expect.closeTo(point, digits), low: expect.closeTo(low, digits), high: expect.closeTo(high, digits) };
}

it("estimateMean() and estimateMeanDifference() agree with scipy's t", () => {
  const { x, y, mean, difference } = goldens.mean;
  expect(estimateMean(floats(x))).toMatchObject(near(mean));
  expect(estimateMeanDifference(floats(x), floats(y))).toMatchObject(near(difference));
});

it("estimateRatio() and estimateRatioDifference() agree with numpy's delta method", () => {
  const { over, otherOver, under, ratio, difference } = goldens.ratio;
  const [a, b] = [over, otherOver].map((values) => ({ over: floats(values), under: floats(under) }));
  if (a === undefined || b === undefined) throw new Error("two sides");
  expect(estimateRatio(a)).toMatchObject(near(ratio));
  expect(estimateRatioDifference(a, b)).toMatchObject(near(difference));
});

it("groupUnits() makes a group the unit: rows that repeat each other add no certainty", () => {
  const values = [1, 2, 4, 8, 3, 5];
  const thrice = groupUnits(
    floats(values.flatMap((v) => [v, v, v])),
    Uint32Array.from(values.flatMap((_, i) => [i, i, i])),
    6,
  );
  expect(estimateRatio(thrice)).toMatchObject(near(estimateMean(floats(values))));
  expect(estimateRatio(thrice).n).toBe(6);
});

it.for(goldens.auc)("the AUC agrees with scikit-learn, its variance with DeLong's in numpy: $aucA", (golden) => {
  const labels = bits(golden.labels);
  const [a, b] = [placeScores(labels, floats(golden.a)), placeScores(labels, floats(golden.b))];
  expect(a.auc).toBeCloseTo(golden.aucA, 14);
  expect(b.auc).toBeCloseTo(golden.aucB, 14);
  const half = golden.t * Math.sqrt(golden.differenceVariance);
  const difference = golden.aucA - golden.aucB;
  expect(estimateAucDifference(a, b)).toMatchObject(
    near({ point: difference, low: difference - half, high: difference + half }, 10),
  );
  const trials = (golden.aucA * (1 - golden.aucA)) / golden.variance;
  const { low, high } = estimateProportion(golden.aucA * trials, trials);
  expect(estimateAuc(a)).toMatchObject(near({ point: golden.aucA, low, high }));
});

it("confusion metrics agree with scikit-learn", () => {
  const { labels, a, b, cells, accuracy, precision, recall, otherPrecision } = goldens.binary;
  const counted = countConfusion(bits(labels), floats(a), floats(b), 0.5);
  expect(counted).toEqual(cells);
  expect(estimateConfusion("accuracy", counted).point).toBeCloseTo(accuracy, 14);
  expect(estimateConfusion("precision", counted).point).toBeCloseTo(precision, 14);
  expect(estimateConfusion("recall", counted).point).toBeCloseTo(recall, 14);
  expect(estimateConfusionDifference("precision", counted).point).toBeCloseTo(precision - otherPrecision, 14);
});

it.for(goldens.wilson)(
  "estimateProportion() agrees with statsmodels for $successes of $trials",
  ({ successes, trials, low, high }) => {
    expect(estimateProportion(successes, trials)).toMatchObject(near({ point: successes / trials, low, high }));
  },
);

it.for(goldens.pairedProportions)(
  "estimatePairedProportions() is the adjusted Wald interval: +$gained −$lost of $n",
  (golden) => {
    expect(estimatePairedProportions(golden.gained, golden.lost, golden.n)).toMatchObject(near(golden));
  },
);

it.for(goldens.ranking)("discountedGain() agrees with scikit-learn: $ndcg10", (query) => {
  expect(discountedGain(query, 10)).toBeCloseTo(query.ndcg10, 12);
  expect(discountedGain(query, 3)).toBeCloseTo(query.ndcg3, 12);
});

it("ranking scores of a query that got one of two labels at rank 3", () => {
  const query = { hits: [false, false, true, false], labels: 2 };
  expect([hitRate(query, 2), hitRate(query, 3), recallAt(query, 3)]).toEqual([0, 1, 0.5]);
  expect(discountedGain({ hits: [], labels: 0 }, 10)).toBeNaN();
});

it("rowsNeeded() is four times the rows for half the width", () => {
  expect(rowsNeeded({ point: 0.5, low: 0.4, high: 0.6, n: 100 }, 0.45)).toBe(400);
  expect(rowsNeeded({ point: 0.5, low: 0.4, high: 0.6, n: 100 }, 0.45, 250)).toBe(1000);
  expect(rowsNeeded({ point: 0.5, low: 0.4, high: 0.6, n: 100 }, 0.5)).toBeUndefined();
});

const nothing = { point: NaN, low: NaN, high: NaN };
it.for([
  ["no units", estimateMean(floats([]), unit)],
  ["one unit of an unbounded metric", estimateMean(floats([3]))],
  ["a NaN among the units", estimateMean(floats([1, NaN, 3]))],
  ["an infinite unit", estimateMean(floats([1, Infinity]))],
  ["a NaN in a difference", estimateMeanDifference(floats([1, NaN]), floats([1, 2]))],
  ["one class only", estimateAuc(placeScores(bits([1, 1, 1]), floats([0.1, 0.2, 0.3])))],
  [
    "a difference with one positive",
    estimateAucDifference(
      placeScores(bits([1, 0, 0]), floats([1, 2, 3])),
      placeScores(bits([1, 0, 0]), floats([3, 2, 1])),
    ),
  ],
  [
    "recall without a positive",
    estimateConfusion("recall", countConfusion(bits([0, 0]), floats([0, 1]), floats([0, 1]), 0.5)),
  ],
  [
    "precision without an answer yes",
    estimateConfusion("precision", countConfusion(bits([0, 1]), floats([0, 0]), floats([0, 0]), 0.5)),
  ],
  ["a ratio over nothing", estimateRatio({ over: floats([1, 2, 3]), under: floats([0, 0, 0]) })],
  ["a ratio over a sum that may be zero", estimateRatio({ over: floats([1, 2, 3]), under: floats([1, -1, 0.5]) })],
] as const)("%s is not measured", ([, found]) => {
  expect(found).toMatchObject(nothing);
});

it.for([
  ["three perfect queries", estimateMean(floats([1, 1, 1]), unit), 0.5],
  ["three perfect answers of a metric without a range", estimateMean(floats([0, 0, 0])), 1],
  ["three equal sides", estimateMeanDifference(floats([0.2, 0.4, 0.9]), floats([0.2, 0.4, 0.9]), unit), 0.3],
  ["a perfect AUC on six rows", estimateAuc(placeScores(bits([0, 0, 0, 1, 1, 1]), floats([1, 2, 3, 4, 5, 6]))), 0.3],
  ["a constant score on six rows", estimateAuc(placeScores(bits([0, 0, 0, 1, 1, 1]), floats([1, 1, 1, 1, 1, 1]))), 0.5],
  ["equal accuracy on three rows", estimatePairedProportions(0, 0, 3), 0.8],
  ["two precisions of 1 on two rows", estimateConfusionDifference("precision", [0, 0, 0, 0, 0, 0, 0, 2]), 0.5],
] as const)("%s is no certainty", ([, found, width]) => {
  expect(found.high - found.low).toBeGreaterThan(width);
  expect(found.low <= found.point && found.point <= found.high).toBe(true);
});

it("a sample without variation becomes certain as it grows", () => {
  const width = (n: number): number => {
    const same = Float64Array.from({ length: n }, (_, i) => (i % 7) / 7);
    const { low, high } = estimateMeanDifference(same, same, unit);
    return high - low;
  };
  expect(width(5_000)).toBeLessThan(0.0007);
  expect(width(5_000)).toBeGreaterThan(0);
});
