import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { MetricDefinition } from "#core/config/config.ts";
import {
  calibrate,
  calibrationError,
  chooseCalibration,
  fitIsotonic,
  uncalibrated,
} from "#core/performance/calibration.ts";
import { estimateWithoutLabels } from "#core/performance/estimate-performance.ts";

type Golden = {
  scores: number[];
  labels: number[];
  at: number[];
  calibrated: number[];
  probabilities: number[];
  expected: Record<string, number>;
};
const golden = JSON.parse(readFileSync(join(import.meta.dirname, "golden.json"), "utf8")) as Golden;
const scores = Float64Array.from(golden.scores);
const labels = Uint8Array.from(golden.labels);

const kinds = ["accuracy", "precision", "recall", "auc", "log-loss"] as const;
function metric(kind: (typeof kinds)[number]): MetricDefinition {
  const definition = kind === "auc" || kind === "log-loss" ? { kind } : { kind, threshold: 0.5 };
  return { name: kind, better: kind === "log-loss" ? "lower" : "higher", unit: undefined, definition };
}

describe("as scikit-learn and numpy have it", () => {
  it("isotonic calibration", () => {
    const curve = fitIsotonic(scores, labels);
    for (const [index, score] of golden.at.entries())
      expect(calibrate(curve, score)).toBeCloseTo(golden.calibrated[index] ?? NaN, 12);
  });

  it.each(kinds)("the expected %s", (kind) => {
    const rows = { scores, probabilities: Float64Array.from(golden.probabilities) };
    const estimate = estimateWithoutLabels(metric(kind), rows, 1_000);
    expect(estimate?.point).toBeCloseTo(golden.expected[kind] ?? NaN, 10);
    expect(estimate?.low).toBeLessThan(estimate?.point ?? NaN);
    expect(estimate?.high).toBeGreaterThan(estimate?.point ?? NaN);
  });
});

/** Deterministic draws between 0 and 1. */
function chance(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Scores that say too much: the truth is nearer to one half. */
function draw(rows: number, random: () => number): { scores: Float64Array; labels: Uint8Array } {
  const drawn = Float64Array.from({ length: rows }, random);
  return { scores: drawn, labels: Uint8Array.from(drawn, (score) => (random() < 0.3 + 0.4 * score ? 1 : 0)) };
}

it("calibrates where that lowers the error on rows it has not seen", () => {
  const random = chance(11);
  const biased = draw(2_000, random);
  const curve = chooseCalibration(biased.scores, biased.labels);
  expect(curve.scores.length).toBeGreaterThan(1);
  const fresh = draw(2_000, random);
  const calibrated = fresh.scores.map((score) => calibrate(curve, score));
  expect(calibrationError(calibrated, fresh.labels)).toBeLessThan(calibrationError(fresh.scores, fresh.labels) / 2);
  const honest = Float64Array.from({ length: 2_000 }, random);
  const told = Uint8Array.from(honest, (score) => (random() < score ? 1 : 0));
  const kept = chooseCalibration(honest, told);
  expect(
    calibrationError(
      honest.map((score) => calibrate(kept, score)),
      told,
    ),
  ).toBeLessThan(0.03);
  expect(chooseCalibration(honest.subarray(0, 200), told.subarray(0, 200))).toBe(uncalibrated);
});

it("the intervals hold the truth in at least 93 of 100 runs", () => {
  const random = chance(5);
  const whole = asRows(draw(100_000, random).scores);
  const truth = new Map(kinds.map((kind) => [kind, estimateWithoutLabels(metric(kind), whole, 1e9)?.point ?? NaN]));
  const held = new Map<string, number>(kinds.map((kind) => [kind, 0]));
  const runs = 200;
  for (let run = 0; run < runs; run++) {
    const reference = draw(600, random);
    const curve = chooseCalibration(reference.scores, reference.labels);
    const current = draw(300, random).scores;
    const rows = { scores: current, probabilities: current.map((score) => calibrate(curve, score)) };
    for (const [kind, point] of truth) {
      const estimate = estimateWithoutLabels(metric(kind), rows, 600);
      if (estimate !== undefined && estimate.low <= point && point <= estimate.high)
        held.set(kind, (held.get(kind) ?? 0) + 1);
    }
  }
  for (const count of held.values()) expect(count / runs).toBeGreaterThanOrEqual(0.93);
});

function asRows(drawn: Float64Array): { scores: Float64Array; probabilities: Float64Array } {
  return { scores: drawn, probabilities: drawn.map((score) => 0.3 + 0.4 * score) };
}
