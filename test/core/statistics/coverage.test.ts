import { beforeEach, expect, it } from "vitest";
import type { Estimate } from "#core/statistics/estimate.ts";
import { estimateAuc, estimateAucDifference, placeScores } from "#core/statistics/intervals/auc.ts";
import {
  countConfusion,
  estimateConfusion,
  estimateConfusionDifference,
} from "#core/statistics/intervals/confusion.ts";
import { estimateMean, estimateMeanDifference } from "#core/statistics/intervals/mean.ts";
import { estimateRatio, estimateRatioDifference } from "#core/statistics/intervals/ratio.ts";

/** Simulation with a fixed seed: does a 95 % interval hold the truth in 95 of 100 samples? */

const rounds = 2_000;
let random = mulberry(0);
beforeEach(() => {
  random = mulberry(20260101);
});

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const fill = (n: number, draw: () => number): Float64Array => Float64Array.from({ length: n }, draw);

/** Two models that score the same rows: both see part of the truth, and share part of their noise. */
function twoModels(n: number): { labels: Uint8Array; a: Float64Array; b: Float64Array } {
  const labels = Uint8Array.from({ length: n }, () => (random() < 0.3 ? 1 : 0));
  const shared = fill(n, normal);
  const score = (signal: number): Float64Array =>
    fill(n, () => 0).map((_, row) => (labels[row] ?? 0) * signal + 0.8 * (shared[row] ?? 0) + 0.6 * normal());
  return { labels, a: score(1.2), b: score(1.2) };
}

/** P(N(1.2, 1) > N(0, 1)) = Φ(1.2/√2) */
const trueAuc = 0.801918;
/** Φ(1.2 − 0.8) and 1 − Φ(0.8): shares of positives and negatives above 0.8 */
const [trueRecall, falseAlarms] = [0.655422, 0.211855];
const truePrecision = (0.3 * trueRecall) / (0.3 * trueRecall + 0.7 * falseAlarms);

/** nDCG-like: many zeros, some ones, the rest between; mean 0.3·0 + 0.1·1 + 0.6·0.25 = 0.25 */
const bounded = (): number => {
  const u = random();
  return u < 0.3 ? 0 : u < 0.4 ? 1 : random() * 0.5;
};

it.for<[string, number, () => Estimate]>([
  ["mean of a bounded score, n = 200", 0.25, () => estimateMean(fill(200, bounded), { low: 0, high: 1 })],
  ["mean, n = 10", 0, () => estimateMean(fill(10, normal))],
  [
    "hit rate, n = 200",
    0.7,
    () =>
      estimateMean(
        fill(200, () => (random() < 0.7 ? 1 : 0)),
        { low: 0, high: 1 },
      ),
  ],
  [
    "paired mean, n = 200",
    0.1,
    () => {
      const base = fill(200, normal);
      return estimateMeanDifference(
        base.map((value) => value + 0.1 + 0.5 * normal()),
        base,
      );
    },
  ],
  [
    "paired hit rate, n = 300",
    0.05,
    () => {
      const production = fill(300, () => (random() < 0.5 ? 1 : 0));
      const candidate = production.map((hit) => (hit === 1 ? (random() < 0.95 ? 1 : 0) : random() < 0.15 ? 1 : 0));
      return estimateMeanDifference(candidate, production, { low: 0, high: 1 });
    },
  ],
  [
    "ratio of sums, n = 200",
    0.25,
    () => {
      const under = fill(200, () => 1 + 4 * random());
      return estimateRatio({ over: under.map((value) => value * 0.25 + 0.3 * normal()), under });
    },
  ],
  [
    "paired ratio of sums, n = 200",
    0,
    () => {
      const under = fill(200, () => 1 + 4 * random());
      const over = (): Float64Array => under.map((value) => value * 0.25 + 0.3 * normal());
      return estimateRatioDifference({ over: over(), under }, { over: over(), under });
    },
  ],
] as const)("the interval of the %s holds the truth", ([, truth, draw]) => {
  const found = coverage(draw, truth);
  expect(found).toBeGreaterThan(0.935);
  expect(found).toBeLessThan(0.965);
});

it.for<[string, number, (models: ReturnType<typeof twoModels>) => Estimate]>([
  ["AUC", trueAuc, ({ labels, a }) => estimateAuc(placeScores(labels, a))],
  ["AUC difference", 0, ({ labels, a, b }) => estimateAucDifference(placeScores(labels, a), placeScores(labels, b))],
  ["recall", trueRecall, ({ labels, a }) => estimateConfusion("recall", countConfusion(labels, a, a, 0.8))],
  [
    "recall difference",
    0,
    ({ labels, a, b }) => estimateConfusionDifference("recall", countConfusion(labels, a, b, 0.8)),
  ],
  ["precision", truePrecision, ({ labels, a }) => estimateConfusion("precision", countConfusion(labels, a, a, 0.8))],
  [
    "precision difference",
    0,
    ({ labels, a, b }) => estimateConfusionDifference("precision", countConfusion(labels, a, b, 0.8)),
  ],
  [
    "accuracy difference",
    0,
    ({ labels, a, b }) => estimateConfusionDifference("accuracy", countConfusion(labels, a, b, 0.8)),
  ],
])("the interval of the %s holds the truth, n = 300", ([, truth, estimate]) => {
  const found = coverage(() => estimate(twoModels(300)), truth);
  expect(found).toBeGreaterThan(0.935);
  expect(found).toBeLessThan(0.965);
});

it("equal models are rarely called worse: a gate that allows nothing fails in at most 2.5 of 100 comparisons, and some", () => {
  let fails = 0;
  for (let round = 0; round < rounds; round++) {
    const { labels, a, b } = twoModels(300);
    if (estimateAucDifference(placeScores(labels, a), placeScores(labels, b)).high < 0) fails++;
  }
  expect(fails / rounds).toBeLessThan(0.0325);
  expect(fails / rounds).toBeGreaterThan(0.0175);
});

function coverage(draw: () => Estimate, truth: number): number {
  let held = 0;
  for (let round = 0; round < rounds; round++) {
    const { low, high } = draw();
    if (low <= truth && truth <= high) held++;
  }
  return held / rounds;
}
