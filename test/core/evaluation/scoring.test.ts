import { expect, it } from "vitest";
import type { MetricDefinition } from "#core/config/config.ts";
import { alignBinary } from "#core/evaluation/align-binary.ts";
import { alignRanking, compareItems, type RankingQuestions } from "#core/evaluation/align-ranking.ts";
import type { Answers } from "#core/evaluation/answers.ts";
import type { ComparisonFrame } from "#core/evaluation/frame.ts";
import { scoreBinary } from "#core/evaluation/score-binary.ts";
import { scoreRanking } from "#core/evaluation/score-ranking.ts";
import { comparisonSchema } from "#core/evidence.ts";

const [candidate, production] = ["a".repeat(64), "b".repeat(64)];
const frame: ComparisonFrame = {
  evaluation: "e".repeat(64),
  task: "binary",
  candidate,
  production,
  baseline: null,
  unitName: "customer",
  holdout: ["holdout.csv"],
  dropped: [],
};
const metric = (
  name: string,
  definition: MetricDefinition["definition"],
  better: "higher" | "lower" = "higher",
): MetricDefinition => ({
  name,
  better,
  unit: undefined,
  definition,
});
const floats = (values: readonly number[]): Float64Array => Float64Array.from(values);
const answers = (lines: readonly (readonly [string, string, number])[], change: Partial<Answers> = {}): Answers => ({
  ids: lines.map(([id]) => id),
  items: lines.map(([, item]) => item),
  scores: floats(lines.map(([, , score]) => score)),
  unreadable: { count: 0, examples: [] },
  ...change,
});

const rows = { idColumn: "customer", scoreColumn: "p", ids: ["1", "2", "3"], dropped: new Set(["9"]) };
const whole = [
  ["3", "", 0.3],
  ["9", "", 0.9],
  ["1", "", 0.1],
  ["2", "", 0.2],
] as const;

it("alignBinary() brings the answers into the order of the rows that count", () => {
  expect(alignBinary("candidate", answers(whole), rows)).toEqual({ kind: "aligned", value: floats([0.1, 0.2, 0.3]) });
});

it.for<[string, Answers, string]>([
  ["a missing row", answers(whole.slice(0, 3)), '1 of 4 rows are missing ("2")'],
  ["a missing row of a dropped file", answers(whole.filter(([id]) => id !== "9")), '1 of 4 rows are missing ("9")'],
  ["rows nobody asked for", answers([...whole, ["x", "", 1], ["y", "", 1]]), '2 rows were not asked for ("x", "y")'],
  ["a row answered twice", answers([...whole, ["2", "", 1]]), '1 rows are answered more than once ("2")'],
  [
    "scores that are no numbers",
    answers(whole, { unreadable: { count: 12, examples: ["NaN", "n/a", ""] } }),
    'column "p" must hold a number in each of 4 lines, 12 are none ("NaN", "n/a", "" and 9 more)',
  ],
])("alignBinary() refuses %s and says where", ([, given, because]) => {
  const found = alignBinary("production", given, rows);
  expect(found).toEqual({ kind: "problem", because: expect.stringContaining(because) });
  expect(found).toEqual({ kind: "problem", because: expect.stringContaining("Predictions of the production: ") });
});

const questions: RankingQuestions = {
  idColumn: "household",
  itemColumn: "item",
  scoreColumn: "score",
  labels: new Map([["7", new Set(["10", "3"])]]),
  asked: new Set(["7", "8"]),
  ignored: new Map([["7", new Set(["1"])]]),
  depth: 3,
};

it("alignRanking() leaves out what is not asked for, and breaks ties by item as a number", () => {
  const given = answers([
    ["7", "10", 1],
    ["7", "9", 1],
    ["7", "1", 5],
    ["7", "3", 0.5],
    ["7", "2", 0.7],
    ["8", "1", 1],
  ]);
  // 9, 10, 2, 3: item 3 lies beyond the depth
  expect(alignRanking("candidate", given, questions)).toEqual({
    kind: "aligned",
    value: [{ hits: [false, true, false], labels: 2 }],
  });
});

it("alignRanking() ranks what was not listed behind everything", () => {
  const given = answers([
    ["7", "9", 1],
    ["8", "1", 1],
  ]);
  expect(alignRanking("candidate", given, questions)).toEqual({
    kind: "aligned",
    value: [{ hits: [false], labels: 2 }],
  });
});

it.for<[string, Answers, string]>([
  ["a query without answers", answers([["7", "1", 1]]), '1 of 2 queries are missing ("8")'],
  [
    "a query nobody asked for",
    answers([
      ["7", "1", 1],
      ["8", "1", 1],
      ["77", "1", 1],
    ]),
    '1 queries were not asked for ("77")',
  ],
  [
    "a pair answered twice",
    answers([
      ["7", "1", 1],
      ["7", "1", 2],
      ["8", "1", 1],
    ]),
    '1 pairs are answered more than once ("7, 1")',
  ],
])("alignRanking() refuses %s", ([, given, because]) => {
  expect(alignRanking("candidate", given, questions)).toEqual({
    kind: "problem",
    because: expect.stringContaining(because),
  });
});

it("compareItems() orders whole numbers by size, before text by code unit", () => {
  expect(["b", "10", "9", "a", "-1"].sort(compareItems)).toEqual(["-1", "9", "10", "a", "b"]);
});

const labels = Uint8Array.from({ length: 200 }, (_, row) => (row % 4 === 0 ? 1 : 0));
const sharp = labels
  .toString()
  .split(",")
  .map((label, row) => (label === "1" ? 0.6 : 0.2) + ((row * 7) % 10) / 50);
const blunt = sharp.map((score, row) => (row % 3 === 0 ? 1 - score : score));
const side = (subject: string, scores: readonly number[]) => ({ subject, scores: floats(scores), own: new Map() });

it("scoreBinary() compares all metrics, slices and flips as evidence", () => {
  const metrics = [
    metric("auc", { kind: "auc" }),
    metric("log_loss", { kind: "log-loss" }, "lower"),
    metric("recall", { kind: "recall", threshold: 0.5 }),
    metric("precision", { kind: "precision", threshold: 0.5 }),
    metric("accuracy", { kind: "accuracy", threshold: 0.5 }),
  ];
  const slices = new Map([["country", Array.from(labels, (_, row) => (row < 150 ? "DE" : "BR"))]]);
  const found = comparisonSchema.parse(
    scoreBinary(
      frame,
      metrics,
      { labels, slices },
      { candidate: side(candidate, sharp), production: side(production, blunt), baseline: undefined },
    ),
  );
  expect(found.units).toBe(200);
  expect(found.metrics.map(({ name }) => name)).toEqual(["auc", "log_loss", "recall", "precision", "accuracy"]);
  for (const entry of found.metrics) {
    const gain = entry.versusProduction;
    if (gain?.low === undefined || gain.low === null || gain.high === null)
      throw new Error(`"${entry.name}" was not measured`);
    // sharper everywhere: a loss falls, the others rise
    expect(entry.better === "higher" ? gain.low > 0 : gain.high < 0).toBe(true);
    expect(entry.baseline).toBeNull();
  }
  expect(found.slices.map(({ slice, n }) => [slice, n])).toEqual([
    ["country=DE", 150],
    ["country=BR", 50],
  ]);
  expect(found.flips).toEqual({ newlyRight: 67, newlyWrong: 0 });
});

it("scoreBinary() calls the same bytes exactly equal, and equal answers of other bytes nearly so", () => {
  const metrics = [metric("auc", { kind: "auc" }), metric("recall", { kind: "recall", threshold: 0.5 })];
  const compare = (subject: string) =>
    scoreBinary(
      frame,
      metrics,
      { labels, slices: new Map() },
      { candidate: side(candidate, blunt), production: side(subject, blunt), baseline: undefined },
    );
  for (const { versusProduction } of compare(candidate).metrics)
    expect(versusProduction).toMatchObject({ point: 0, low: 0, high: 0 });
  for (const { versusProduction } of compare(production).metrics) {
    expect(versusProduction?.point).toBe(0);
    expect(versusProduction?.low).toBeLessThan(0);
    expect(versusProduction?.low).toBeGreaterThan(-0.05);
  }
});

it("scoreBinary() does not measure log loss on scores that are no probabilities", () => {
  const metrics = [metric("log_loss", { kind: "log-loss" }, "lower"), metric("auc", { kind: "auc" })];
  const odds = side(
    candidate,
    sharp.map((score) => score * 5),
  );
  const found = scoreBinary(
    frame,
    metrics,
    { labels, slices: new Map() },
    { candidate: odds, production: undefined, baseline: undefined },
  );
  expect(found.metrics[0]?.candidate).toEqual({ point: null, low: null, high: null, n: 200 });
  expect(found.metrics[1]?.candidate.point).toBeGreaterThan(0.9);
});

it("scoreBinary() and scoreRanking() of nothing are errors", () => {
  const none = { candidate: side(candidate, []), production: undefined, baseline: undefined };
  expect(scoreBinary(frame, [], { labels: new Uint8Array(), slices: new Map() }, none).error).toContain("no row left");
  const empty = {
    candidate: { subject: candidate, queries: [], own: new Map() },
    production: undefined,
    baseline: undefined,
  };
  expect(scoreRanking(frame, [], empty).error).toContain('no "customer" with a label left');
});

it("scoreRanking() takes a query for a unit", () => {
  const queries = (found: number) =>
    Array.from({ length: 100 }, (_, i) => ({ hits: [i % found === 0, false, true], labels: 2 }));
  const sides = {
    candidate: { subject: candidate, queries: queries(2), own: new Map() },
    production: { subject: production, queries: queries(5), own: new Map() },
    baseline: undefined,
  };
  const found = comparisonSchema.parse(
    scoreRanking(
      { ...frame, task: "ranking" },
      [
        metric("ndcg", { kind: "ndcg", at: 10 }),
        metric("hit_rate", { kind: "hit-rate", at: 1 }),
        metric("recall", { kind: "recall-at", at: 3 }),
      ],
      sides,
    ),
  );
  expect(found.units).toBe(100);
  expect(found.metrics.map(({ name, candidate: own }) => [name, own.point, own.n])).toEqual([
    ["ndcg", expect.closeTo(0.5 * (1.5 / (1 + 1 / Math.log2(3))) + 0.5 * (0.5 / (1 + 1 / Math.log2(3))), 12), 100],
    ["hit_rate", 0.5, 100],
    ["recall", 0.75, 100],
  ]);
  expect(found.metrics[1]?.versusProduction?.point).toBeCloseTo(0.3, 12);
});
