import { expect, it } from "vitest";
import type { Gate } from "#core/config/config.ts";
import type { Comparison, EstimateRecord, MetricComparison } from "#core/evidence.ts";
import { judgeGate } from "#core/gate/judge-gate.ts";
import { judgeGates } from "#core/gate/judge-gates.ts";

const interval = (low: number, high: number, n = 400): EstimateRecord => ({ point: (low + high) / 2, low, high, n });
const nothing: EstimateRecord = { point: null, low: null, high: null, n: 0 };

function compare(metric: Partial<MetricComparison>, change: Partial<Comparison> = {}): Comparison {
  const whole: MetricComparison = {
    name: "auc",
    better: "higher",
    unit: null,
    candidate: interval(0.8, 0.9),
    production: null,
    baseline: null,
    versusProduction: null,
    versusBaseline: null,
    ...metric,
  };
  return {
    schema: "trainyard/comparison/1",
    evaluation: "e".repeat(64),
    task: "binary",
    candidate: "a".repeat(64),
    production: "b".repeat(64),
    baseline: null,
    units: 400,
    unitName: "customer",
    dropped: [],
    holdout: ["holdout.csv"],
    metrics: [whole],
    slices: [],
    flips: null,
    error: null,
    ...change,
  };
}

const atLeast = (bar: number, metric = "auc"): Gate => ({ kind: "at-least", metric, bar });
const atMost = (bar: number): Gate => ({ kind: "at-most", metric: "auc", bar });
const mayWorsen = (margin: number, against: "production" | "baseline" = "production"): Gate => ({
  kind: "versus",
  metric: "auc",
  against,
  mayWorsen: margin,
  better: false,
});
const mustBeBetter: Gate = { kind: "versus", metric: "auc", against: "production", mayWorsen: 0, better: true };

it.for<[Gate, EstimateRecord, string]>([
  [atLeast(0.8), interval(0.8, 0.9), "pass"],
  [atLeast(0.85), interval(0.8, 0.9), "inconclusive"],
  [atLeast(0.9), interval(0.8, 0.9), "inconclusive"],
  [atLeast(0.91), interval(0.8, 0.9), "fail"],
  [atMost(0.9), interval(0.8, 0.9), "pass"],
  [atMost(0.85), interval(0.8, 0.9), "inconclusive"],
  [atMost(0.79), interval(0.8, 0.9), "fail"],
  [atLeast(0.1), nothing, "error"],
  [atLeast(0.1), { ...interval(0.8, 0.9), low: null }, "error"],
  [atLeast(0.1), { point: 0.95, low: 0.8, high: 0.9, n: 4 }, "error"],
  [atLeast(0.1, "f1"), interval(0.8, 0.9), "error"],
] as const)("judgeGate() reads the interval against a bar: %o with %o is %s", ([gate, candidate, kind]) => {
  expect(judgeGate(gate, compare({ candidate }))).toMatchObject({ kind, gate });
});

it.for<[Gate, EstimateRecord | null, "higher" | "lower", string]>([
  [mayWorsen(0.01), interval(-0.005, 0.02), "higher", "pass"],
  [mayWorsen(0.01), interval(-0.02, 0.02), "higher", "inconclusive"],
  [mayWorsen(0.01), interval(-0.01, 0.02), "higher", "inconclusive"],
  [mayWorsen(0.01), interval(-0.05, -0.02), "higher", "fail"],
  [mayWorsen(0.01), interval(0.02, 0.05), "lower", "fail"],
  [mayWorsen(0.01), interval(-0.05, 0.005), "lower", "pass"],
  [mayWorsen(0), interval(0, 0), "higher", "pass"],
  [mustBeBetter, interval(0, 0), "higher", "fail"],
  [mustBeBetter, interval(0.001, 0.02), "higher", "pass"],
  [mustBeBetter, interval(-0.001, 0.02), "higher", "inconclusive"],
  [mustBeBetter, interval(-0.02, -0.001), "higher", "fail"],
  [mustBeBetter, interval(-0.02, -0.001), "lower", "pass"],
  [mayWorsen(1), nothing, "higher", "error"],
  [mayWorsen(1), null, "higher", "error"],
] as const)(
  "judgeGate() reads the paired interval: %o with %o, %s is better, is %s",
  ([gate, versusProduction, better, kind]) => {
    expect(judgeGate(gate, compare({ versusProduction, better }))).toMatchObject({ kind });
  },
);

it("judgeGate() says what it saw, and how much data would decide", () => {
  const undecided = judgeGate(mayWorsen(0.002), compare({ versusProduction: interval(-0.012, 0.006, 412) }));
  expect(undecided).toMatchObject({ needs: 32_400 });
  expect(undecided.because).toBe(
    "AUC differs from production's by −0.0030 (−0.0120 to +0.0060); at most 0.002 worse is allowed; about 33,000 customers would decide it, it has 400",
  );
  expect(judgeGate(atLeast(0.91), compare({ candidate: interval(0.87, 0.89) })).because).toBe(
    "AUC must be at least 0.91: it is 0.880 (0.870 to 0.890)",
  );
});

it.for<[Gate, EstimateRecord, Partial<MetricComparison>, string]>([
  [
    mayWorsen(0.002),
    interval(-0.048, -0.035),
    {},
    "AUC is 0.0415 worse than production (0.0350 to 0.0480), more than the 0.002 allowed",
  ],
  [
    mayWorsen(0),
    interval(-0.048, -0.035),
    {},
    "AUC is 0.0415 worse than production (0.0350 to 0.0480), and must not be worse",
  ],
  [
    mayWorsen(0.01, "baseline"),
    interval(0.02, 0.05),
    { better: "lower" },
    "AUC is 0.035 worse than the baseline (0.020 to 0.050), more than the 0.01 allowed",
  ],
  [
    mayWorsen(0.01),
    interval(-0.05, -0.02),
    { better: "lower" },
    "AUC is 0.035 better than production (0.020 to 0.050); at most 0.01 worse is allowed",
  ],
  [
    mayWorsen(0.1),
    interval(-0.02, 0.05),
    { better: "lower" },
    "AUC differs from production's by +0.015 (−0.020 to +0.050) (lower is better); at most 0.1 worse is allowed",
  ],
  [mustBeBetter, interval(0, 0), {}, "AUC is the same as production's, and must be better"],
  [
    mustBeBetter,
    interval(0.001, 0.02),
    {},
    "AUC is 0.0105 better than production (0.0010 to 0.0200), and must be better",
  ],
] as const)("judgeGate() says %o with %o as a reviewer reads it", ([gate, measured, change, because]) => {
  const both = { versusProduction: measured, versusBaseline: measured, ...change };
  expect(judgeGate(gate, compare(both)).because).toBe(because);
});

it("judgeGate() never shows an end on the wrong side of its bar", () => {
  const { kind, because } = judgeGate(
    atLeast(0.8),
    compare({ candidate: { point: 0.85, low: 0.79996, high: 0.9, n: 9 } }),
  );
  expect(kind).toBe("inconclusive");
  expect(because).toContain("0.79996 to 0.90000");
});

const good = compare({ versusProduction: interval(0.01, 0.02), versusBaseline: interval(0.1, 0.2) });
it.for<[string, readonly Gate[], Comparison, string, boolean]>([
  ["all hold", [atLeast(0.7), mayWorsen(0.1)], good, "pass", true],
  ["error before fail", [atLeast(0.95), atLeast(0.1, "f1")], good, "error", false],
  ["fail before inconclusive", [atLeast(0.85), atLeast(0.95)], good, "fail", false],
  ["inconclusive before pass", [atLeast(0.85), atLeast(0.7)], good, "inconclusive", false],
  ["no gate at all", [], good, "error", false],
  ["a comparison that failed", [atLeast(0.7)], compare({}, { error: "rows are missing", metrics: [] }), "error", false],
  [
    "a comparison that failed, without gates",
    [],
    compare({}, { error: "rows are missing", metrics: [] }),
    "error",
    false,
  ],
  [
    "no row left",
    [atLeast(0.7)],
    compare({}, { units: 0, metrics: [], dropped: ["holdout.csv"] }),
    "inconclusive",
    false,
  ],
] as const)("judgeGates() against production, %s", ([, gates, comparison, kind, green]) => {
  expect(judgeGates(gates, comparison, { first: false })).toMatchObject({ kind, green });
});

it.for<[string, readonly Gate[], string, boolean]>([
  ["a bar that holds", [atLeast(0.7), mayWorsen(0.1)], "first", true],
  ["the baseline beaten", [mayWorsen(0, "baseline")], "first", true],
  ["only gates versus production", [mayWorsen(0.1)], "first", false],
  ["no gates", [], "first", false],
  ["an undecided bar", [atLeast(0.85), atLeast(0.7)], "first", false],
  ["a bar it misses", [atLeast(0.95)], "fail", false],
  ["a metric that was not measured", [atLeast(0.1, "f1")], "error", false],
] as const)("judgeGates() of a first model with %s", ([, gates, kind, green]) => {
  const first = compare({ versusBaseline: interval(0.1, 0.2) }, { production: null });
  expect(judgeGates(gates, first, { first: true })).toMatchObject({ kind, green });
});

it("judgeGates() does not skip production's gates where production exists but was not compared", () => {
  expect(judgeGates([mayWorsen(0.1)], compare({}, { production: null }), { first: false })).toMatchObject({
    kind: "error",
    because: '"auc" cannot be compared with production: there is no production in this comparison',
  });
});
