import { expect, it } from "vitest";
import { judgeDrift, type DriftFacts } from "#core/drift/judge-drift.ts";
import { judgeLead } from "#core/drift/judge-lead.ts";
import { driftReportSchema } from "#core/evidence.ts";
import type { Estimate } from "#core/statistics/estimate.ts";

const floats = (n: number, value: (i: number) => number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => value(i));
const line = (n: number, shift = 0, factor = 1): { values: Float64Array; missing: number } => ({
  values: floats(n, (i) => (i / n) * factor + shift),
  missing: 0,
});
const mix = (...counts: readonly number[]): Map<string, number> =>
  new Map(counts.map((count, level) => [`level ${level}`, count]));
const around = (point: number, half: number): Estimate => ({ point, low: point - half, high: point + half, n: 1_800 });

function facts(change: Partial<DriftFacts>): DriftFacts {
  return {
    model: "churn",
    version: "v1.0.0",
    reference: { files: ["week-1.csv"], rows: 1_000 },
    current: { files: ["week-2.csv"], rows: 1_000 },
    columns: [],
    lead: undefined,
    at: "2026-01-01T00:00:00Z",
    ...change,
  };
}

it.for<[string, DriftFacts["columns"][number], boolean, string]>([
  [
    "the same mix",
    { kind: "categorical", column: "plan", reference: mix(500, 300, 200), current: mix(490, 310, 200) },
    false,
    "cramers-v",
  ],
  [
    "another mix",
    { kind: "categorical", column: "plan", reference: mix(500, 300, 200), current: mix(300, 300, 400) },
    true,
    "cramers-v",
  ],
  [
    "a mix that moved a little, surely",
    { kind: "categorical", column: "plan", reference: mix(50_000, 50_000), current: mix(51_500, 48_500) },
    false,
    "cramers-v",
  ],
  [
    "a mix that moved a lot, by chance",
    { kind: "categorical", column: "plan", reference: mix(60, 40), current: mix(48, 52) },
    false,
    "cramers-v",
  ],
  ["the same numbers", { kind: "numeric", column: "age", reference: line(1_000), current: line(900) }, false, "ks"],
  [
    "shifted numbers",
    { kind: "numeric", column: "age", reference: line(1_000), current: line(1_000, 0.2) },
    true,
    "wasserstein",
  ],
  [
    "a heavier tail",
    {
      kind: "numeric",
      column: "price",
      reference: line(1_000),
      current: { values: floats(1_000, (i) => (i < 880 ? i / 1_000 : 1 + (i - 880) / 20)), missing: 0 },
    },
    true,
    "wasserstein",
  ],
])("judgeDrift() of %s: drifted %o", ([, profile, drifted, effectName]) => {
  const report = driftReportSchema.parse(judgeDrift(facts({ columns: [profile] })));
  expect(report.columns).toMatchObject([{ drifted, effectName }]);
  expect(report.verdict).toBe(drifted ? "drift" : "quiet");
});

it("judgeDrift() sees empty cells come, though the numbers that are left look alike", () => {
  const columns = [
    { kind: "numeric" as const, column: "age", reference: line(1_000), current: { ...line(800), missing: 200 } },
  ];
  expect(judgeDrift(facts({ columns })).columns).toMatchObject([
    { column: "age", drifted: false },
    { column: "age (empty or not)", drifted: true, effectName: "cramers-v" },
  ]);
});

it("judgeDrift() corrects for how many columns it looked at", () => {
  const border = { kind: "categorical" as const, column: "c", reference: mix(72, 128), current: mix(46, 154) };
  const still = (i: number) => ({
    kind: "categorical" as const,
    column: `c${i}`,
    reference: mix(100, 100),
    current: mix(101, 99),
  });
  expect(judgeDrift(facts({ columns: [border] })).verdict).toBe("drift");
  expect(judgeDrift(facts({ columns: [border, ...Array.from({ length: 40 }, (_, i) => still(i))] })).verdict).toBe(
    "quiet",
  );
});

it.for<[string, Partial<DriftFacts>, string]>([
  [
    "99 rows",
    {
      current: { files: [], rows: 99 },
      columns: [{ kind: "categorical", column: "plan", reference: mix(500, 500), current: mix(0, 99) }],
    },
    "not-enough-data",
  ],
  ["nothing to watch", {}, "error"],
  [
    "a column with no value on one side",
    {
      columns: [
        { kind: "numeric", column: "age", reference: line(1_000), current: { values: floats(0, Number), missing: 0 } },
      ],
    },
    "error",
  ],
  [
    "a lead that was not measured",
    {
      lead: {
        metric: "ndcg",
        better: "higher",
        now: around(NaN, 0),
        atPromotion: around(0.04, 0.006),
        previous: undefined,
      },
    },
    "error",
  ],
])("judgeDrift() with %s answers %s", ([, change, verdict]) => {
  expect(driftReportSchema.parse(judgeDrift(facts(change))).verdict).toBe(verdict);
});

it("judgeDrift() lists the ten values that moved most, with their shares", () => {
  const columns = [
    {
      kind: "categorical" as const,
      column: "item",
      reference: mix(...Array.from({ length: 30 }, () => 100)),
      current: mix(...Array.from({ length: 30 }, (_, i) => i * 10)),
    },
  ];
  const moved = judgeDrift(facts({ columns })).columns[0]?.moved ?? [];
  expect(moved).toHaveLength(10);
  expect(moved[0]).toEqual({ value: "level 0", before: 1 / 30, now: 0 });
});

const promoted = around(0.0404, 0.0062);
it.for<[string, Estimate, Estimate | undefined, string]>([
  ["one block below zero, as in weeks 41–44 of the groceries", around(0.0307, 0.0061), undefined, "hint"],
  ["the same after a block that was quiet", around(0.0307, 0.0061), around(0.039, 0.006), "hint"],
  ["the same after a block that hinted too", around(0.0307, 0.0061), around(0.03, 0.0061), "drifted"],
  ["a lead that is surely more than a quarter lost", around(0.01, 0.006), undefined, "drifted"],
  ["a lead that holds", around(0.042, 0.006), undefined, "holds"],
  ["a lead that was not measured", around(NaN, 0), undefined, "unknown"],
])("judgeLead() of %s is %4$s", ([, now, previous, kind]) => {
  expect(judgeLead({ metric: "ndcg", better: "higher", now, atPromotion: promoted, previous })).toMatchObject({ kind });
});

it("judgeLead() takes the two leads for independent, and turns a loss around", () => {
  const flip = ({ point, low, high, n }: Estimate): Estimate => ({ point: -point, low: -high, high: -low, n });
  const now = around(0.0307, 0.0061);
  const up = judgeLead({ metric: "ndcg", better: "higher", now, atPromotion: promoted, previous: undefined });
  const down = judgeLead({
    metric: "loss",
    better: "lower",
    now: flip(now),
    atPromotion: flip(promoted),
    previous: undefined,
  });
  expect(up.change.point).toBeCloseTo(-0.0097, 10);
  expect(up.change.high).toBeCloseTo(-0.0097 + Math.hypot(0.0061, 0.0062), 10);
  expect(down.change).toEqual(up.change);
});
