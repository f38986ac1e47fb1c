import { expect, it } from "vitest";
import type { MetricDefinition } from "#core/config/config.ts";
import { renderAnswers } from "#core/message/terminal/render-answers.ts";
import { judgePerformance, type LabelledScores } from "#core/performance/judge-performance.ts";

const auc: MetricDefinition = { name: "auc", better: "higher", unit: undefined, definition: { kind: "auc" } };
const loss: MetricDefinition = { name: "log_loss", better: "lower", unit: undefined, definition: { kind: "log-loss" } };
const before = new Map([
  ["auc", { point: 0.83, low: 0.81, high: 0.85, n: 2_000 }],
  ["log_loss", { point: 0.5, low: 0.48, high: 0.52, n: 2_000 }],
]);

let state = 3;
const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;

/** Scores uniform from 0 to 1; the truth follows them with this slope, from a coin to their word. */
function rows(count: number, slope: number): LabelledScores {
  const scores = Float64Array.from({ length: count }, random);
  return { scores, labels: Uint8Array.from(scores, (p) => (random() < 0.5 + slope * (p - 0.5) ? 1 : 0)) };
}
const none = new Float64Array(0);
const facts = { metrics: [auc, loss], gates: [], orphans: 0, atPromotion: before };

it("worse where the interval of the change leaves what the gate allows", () => {
  const labelled = rows(1_000, 0.5);
  const judged = judgePerformance({ ...facts, labelled, waiting: none, reference: rows(1_000, 1) });
  expect(judged.verdict).toBe("worse");
  expect(judged.metrics.map(({ name, worse }) => [name, worse])).toEqual([
    ["auc", true],
    ["log_loss", true],
  ]);
  const lenient = [
    { kind: "versus", metric: "auc", against: "production", mayWorsen: 0.3, better: false },
    { kind: "versus", metric: "log_loss", against: "production", mayWorsen: 0.5, better: false },
  ] as const;
  expect(judgePerformance({ ...facts, gates: lenient, labelled, waiting: none, reference: undefined }).verdict).toBe(
    "holds",
  );
});

it("holds where nothing changed", () => {
  const judged = judgePerformance({ ...facts, labelled: rows(1_000, 1), waiting: none, reference: undefined });
  expect(judged.verdict).toBe("holds");
  expect(judged.because).toMatch(/^1,000 of 1,000 answers have a label; "auc" is 0\.\d{4}/);
});

it("scores that are no probabilities are the reason why one metric has no value", () => {
  const { scores, labels } = rows(1_000, 1);
  const labelled = { scores: scores.map((score) => 2 * score), labels };
  const judged = judgePerformance({ ...facts, labelled, waiting: none, reference: undefined });
  expect(judged.metrics.map(({ measured }) => measured === null)).toEqual([false, true]);
  expect(judged.because).toMatch(/; \d+ scores lie outside 0 to 1 and are no probabilities$/);
});

it("an estimate tells, and never judges", () => {
  const reference = rows(2_000, 1);
  const waiting = rows(500, 0).scores;
  const judged = judgePerformance({ ...facts, labelled: rows(20, 0), waiting, reference });
  expect(judged.verdict).toBe("not-enough-labels");
  expect(judged.metrics.every(({ measured, worse }) => measured === null && worse === null)).toBe(true);
  expect(judged.metrics[0]?.estimated?.point).toBeGreaterThan(0.78);
  expect(judged.because).toContain("which is no measurement");
  const text = renderAnswers({ ...judged, orphans: 1_980 }, 0);
  expect(text).toMatch(
    /^⚠️ 1,980 of 2,000 labels belong to no answer: they were left alone\n\nNot enough labels to judge: 20 of 520 answers have a label: at least 100/,
  );
  expect(text).toMatch(/estimate for 500 without a label[^]*auc ↑ .* ≈ 0\.\d{4} \(/);
  expect(text).toContain("An estimate is no measurement");
});

it("one label only, and no row at all, are nothing to judge by", () => {
  const labelled = { scores: Float64Array.from({ length: 500 }, random), labels: new Uint8Array(500) };
  expect(judgePerformance({ ...facts, labelled, waiting: none, reference: undefined }).verdict).toBe(
    "not-enough-labels",
  );
  const unlearnt = judgePerformance({ ...facts, labelled: rows(0, 1), waiting: labelled.scores, reference: undefined });
  expect(renderAnswers(unlearnt, 1)).toMatch(
    /Nothing is estimated for 500 answers without a label[^]*1 answer was replaced/,
  );
  const alone = judgePerformance({
    ...facts,
    atPromotion: new Map(),
    labelled: rows(500, 1),
    waiting: none,
    reference: undefined,
  });
  expect(renderAnswers(alone, 0)).toMatch(
    /^Measured, with no reference to compare with: 500 of 500 answers have a label/,
  );
  const empty = { scores: none, labels: new Uint8Array(0) };
  expect(judgePerformance({ ...facts, labelled: empty, waiting: none, reference: undefined }).metrics).toHaveLength(2);
});
