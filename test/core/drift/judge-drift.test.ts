import { expect, it } from "vitest";
import { defaultDriftSettings, type DriftSettings } from "#core/drift/drift-settings.ts";
import { judgeDrift, type DriftFacts } from "#core/drift/judge-drift.ts";
import { judgeLead } from "#core/drift/judge-lead.ts";
import { renderDrift } from "#core/message/terminal/render-drift.ts";
import { driftReportSchema, type DriftReport } from "#core/drift/drift-record.ts";
import type { Estimate } from "#core/statistics/estimate.ts";
import { profileOf, type Values } from "./profile-of.ts";

const line = (n: number, shift = 0): number[] => Array.from({ length: n }, (_, i) => i / n + shift);
const mix = (...counts: readonly number[]): Map<string, number> =>
  new Map(counts.flatMap((count, level) => (count === 0 ? [] : [[`level ${level}`, count] as const])));
const around = (point: number, half: number): Estimate => ({ point, low: point - half, high: point + half, n: 1_800 });

type Sides = Readonly<Record<string, readonly [Values, Values]>>;

function facts(sides: Sides, change: Partial<DriftSettings> = {}): DriftFacts {
  const side = (at: 0 | 1) =>
    profileOf(Object.fromEntries(Object.entries(sides).map(([name, both]) => [name, both[at]])));
  return {
    model: "churn",
    version: "v1.0.0",
    reference: { files: ["week-1.csv"], profile: side(0) },
    current: { files: ["week-2.csv"], profile: side(1) },
    settings: { ...defaultDriftSettings, ...change },
    lead: undefined,
    at: "2026-01-01T00:00:00Z",
  };
}

const judge = (sides: Sides, change: Partial<DriftSettings> = {}): DriftReport =>
  driftReportSchema.parse(judgeDrift(facts(sides, change)));
const still = { still: [line(1_000), line(1_000)] } as const;

it.for<[string, readonly [Values, Values], string, string]>([
  ["the same mix", [mix(500, 300, 200), mix(490, 310, 200)], "quiet", "cramers-v"],
  ["another mix", [mix(500, 300, 200), mix(300, 300, 400)], "fail", "cramers-v"],
  ["a mix that moved a little, surely", [mix(50_000, 50_000), mix(51_500, 48_500)], "info", "cramers-v"],
  ["a mix that moved a lot, by chance", [mix(60, 40), mix(48, 52)], "quiet", "cramers-v"],
  ["the same numbers", [line(1_000), line(900)], "quiet", "ks"],
  ["shifted numbers", [line(1_000), line(1_000, 0.1)], "warn", "wasserstein"],
  [
    "a heavier tail",
    [line(1_000), Array.from({ length: 1_000 }, (_, i) => (i < 880 ? i / 1_000 : 1 + (i - 880) / 20))],
    "fail",
    "wasserstein",
  ],
  [
    "nulls that come, 2 to 6 %, though the numbers that are left look alike",
    [
      line(2_000).map((value, i) => (i % 50 === 0 ? null : value)),
      line(2_000).map((value, i) => (i % 50 < 3 ? null : value)),
    ],
    "warn",
    "missing",
  ],
  ["NaN that come", [line(1_000), line(1_000).map((value, i) => (i % 5 === 0 ? NaN : value))], "fail", "missing"],
  ["one new level of 3 %", [mix(500, 500), mix(485, 485, 30)], "warn", "cramers-v"],
  ["one new level of 1.5 %", [mix(500, 500), mix(490, 495, 15)], "warn", "new-levels"],
  ["a level that is gone", [mix(500, 485, 15), mix(500, 500)], "warn", "missing-levels"],
  [
    "1,000 levels seen once each",
    [
      Array.from({ length: 3_000 }, (_, i) => `n${i % 2_900}`),
      Array.from({ length: 3_000 }, (_, i) => `n${i % 2_900}`),
    ],
    "quiet",
    "cramers-v",
  ],
  ["nothing on one side", [line(1_000), Array.from({ length: 1_000 }, () => null)], "fail", "missing"],
  [
    "few whole numbers, which are categories",
    [line(400).map((_, i) => i % 4), line(400).map(() => 3)],
    "fail",
    "cramers-v",
  ],
])("judgeDrift() of %s: %3$s", ([, sides, level, effectName]) => {
  const report = judge({ ...still, column: sides });
  const drifted = level === "warn" || level === "fail";
  expect(report.columns.find(({ column }) => column === "column")).toMatchObject({ drifted, level, effectName });
  expect(report.verdict).toBe(drifted ? "drift" : "quiet");
});

it("judgeDrift() says the move in the column's own unit, and shows every test", () => {
  const columns = judge({
    income: [line(1_000).map((x) => 40_000.5 + 20_000 * x), line(1_000).map((x) => 42_000.5 + 20_000 * x)],
    plan: [mix(500, 500), mix(485, 485, 30)],
  }).columns;
  const [income, plan] = ["income", "plan"].map((name) => columns.find(({ column }) => column === name));
  expect(income?.says).toBe("median 49,991 → 51,991 (+4 %)");
  expect(plan?.says).toContain('new: "level 2" with 3.0 % of the rows (chance alone: 0.0 %)');
  expect(income?.tests?.map(({ name, level }) => [name, level])).toEqual([
    ["ks", "warn"],
    ["wasserstein", "warn"],
  ]);
  expect(plan?.tests?.map(({ name }) => name)).toEqual(["cramers-v", "new-levels", "missing-levels"]);
});

it("judgeDrift() holds target and prediction to half the distance, and says the difference of their rates", () => {
  const columns = { churned: [mix(1_700, 300), mix(1_600, 400)] } as const;
  expect(judge({ ...still, ...columns }).columns[0]).toMatchObject({ drifted: false, level: "info" });
  const report = judge({ ...still, ...columns }, { target: "churned" });
  expect(report.columns[0]).toMatchObject({ column: "churned", role: "target", drifted: true, level: "warn" });
  expect(report.columns[0]?.says).toBe('"level 1" 15.0 % → 20.0 % (+5.0 points, 95 % interval +2.6 to +7.3)');
});

it("judgeDrift() corrects for how many columns it looked at", () => {
  const border = { border: [mix(72, 128), mix(46, 154)] } as const;
  const others = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`c${i}`, [mix(100, 100), mix(101, 99)] as const]),
  );
  expect(judge(border, { p: 0.02 }).verdict).toBe("drift");
  expect(judge({ ...border, ...others }, { p: 0.02 }).verdict).toBe("quiet");
});

it("judgeDrift() never says that nothing drifted where there is too little to go by", () => {
  expect(judge({ plan: [mix(500, 500), mix(0, 99)] }).verdict).toBe("not-enough-data");
  const sparse = line(1_000).map((value, i) => (i < 950 ? null : value));
  const report = judge({ ...still, sparse: [sparse, sparse] });
  expect(report.columns.find(({ column }) => column === "sparse")).toMatchObject({ level: "unknown", drifted: false });
  expect(report.because).toContain('"sparse": not enough data, 50 values in the reference, 50 now');
  expect(judge({ sparse: [sparse, sparse] }).verdict).toBe("not-enough-data");
  expect(judge({}).verdict).toBe("not-enough-data");
});

it("judgeDrift() answers error where a watched column is missing, or a lead was not measured", () => {
  expect(judge(still, { watched: ["still", "y"] })).toMatchObject({
    verdict: "error",
    because: 'The reference data lacks 1 watched columns: "y"',
  });
  const lead = {
    metric: "ndcg",
    better: "higher" as const,
    now: around(NaN, 0),
    atPromotion: around(0.04, 0.006),
    previous: undefined,
  };
  expect(judgeDrift({ ...facts(still), lead }).verdict).toBe("error");
});

it("judgeDrift() describes ids and times, and tests them only where they are named", () => {
  const day = 86_400;
  const sides = (from: number) => ({
    id: Array.from({ length: 500 }, (_, i) => from * 500 + i),
    code: Array.from({ length: 500 }, (_, i) => `k${from}-${i}`),
    salary: Array.from({ length: 500 }, (_, i) => 20_000 + ((i * 7_919) % 90_001)),
    at: Array.from({ length: 500 }, (_, i) => (from * 7 + (i % 7)) * day),
  });
  const change = {
    reference: { files: [], profile: profileOf(sides(0), { at: "time" }) },
    current: { files: [], profile: profileOf(sides(1), { at: "time" }) },
  };
  const report = driftReportSchema.parse(judgeDrift({ ...facts({}), ...change }));
  expect(report.columns.map(({ column }) => column)).toEqual(["salary"]);
  expect(report.coverage).toMatchObject([
    { column: "id", kind: "id", says: "500 different in 500 rows now, 0.0 % of them in the reference too" },
    { column: "code", kind: "id" },
    {
      column: "at",
      kind: "time",
      gapSeconds: day,
      says: "1970-01-08 to 1970-01-14 now, 1970-01-01 to 1970-01-07 in the reference, a gap of 24 h",
    },
  ]);
  const settings = { ...defaultDriftSettings, watched: ["at"] };
  expect(judgeDrift({ ...facts({}), ...change, settings }).columns).toMatchObject([{ column: "at", level: "fail" }]);
});

it("judgeDrift() puts first what speaks loudest, and goes by a column's own limits", () => {
  const empty = (every: number) => line(1_000).map((value, index) => (index % every === 0 ? null : value));
  const [column] = judge({ x: [empty(50), empty(6)] }).columns;
  expect(column).toMatchObject({ effectName: "missing", level: "fail", threshold: 0.02 });
  expect(column?.says).toMatch(/^without a value 2\.0 % → 16\.7 %$/);
  const columns = new Map([["x", { missing: 0.15, newValues: 0.3 }]]);
  expect(judge({ x: [empty(50), empty(6)] }, { columns }).columns).toMatchObject([{ level: "info", threshold: 0.15 }]);
  const old = Array.from({ length: 1_000 }, (_, index) => `k${index % 4}`);
  const newer = old.map((level, index) => (index % 5 === 0 ? "new" : level));
  const levels = judge({ x: [old, newer] }, { columns }).columns[0]?.tests?.find(({ name }) => name === "new-levels");
  expect(levels).toMatchObject({ warn: 0.3, fail: 1.5, level: "info" });
});

it("judgeDrift() names the few cells that make text of a column of numbers", () => {
  const numbers = line(300);
  const text = numbers.map((value, index) => (index < 3 ? "N/A" : index === 3 ? "n.v." : String(value)));
  const report = judge({ price: [numbers, text] });
  expect(report.changes?.[0]?.because).toBe(
    '"price" holds text now and numbers in the reference: the two cannot be compared, as 4 cells of 300 hold no number: "N/A" (3), "n.v." (1)',
  );
});

it("judgeDrift() says which columns came, went, were renamed or hold something else", () => {
  const profile = (columns: Readonly<Record<string, Values>>) => ({ files: [], profile: profileOf(columns) });
  const report = judgeDrift({
    ...facts({}),
    reference: profile({
      still: line(200),
      total_fee: line(200),
      gone: line(200),
      age: line(200),
      churned: mix(100, 100),
    }),
    current: profile({ still: line(200), totalFee: line(200), extra: mix(200), age: mix(200) }),
    settings: { ...defaultDriftSettings, target: "churned" },
  });
  expect(report.changes?.map(({ kind, column, level }) => [kind, column, level])).toEqual([
    ["renamed", "total_fee", "fail"],
    ["gone", "gone", "fail"],
    ["gone", "churned", "info"],
    ["retyped", "age", "fail"],
    ["come", "extra", "info"],
  ]);
  expect(report.verdict).toBe("drift");
});

it.for<[string, number, Partial<DriftSettings>, string]>([
  ["one drifted column of ten", 1, {}, "info"],
  ["three of ten", 3, {}, "warn"],
  ["five of ten", 5, {}, "fail"],
  ["one of ten that is critical", 1, { columns: new Map([["c0", { critical: true }]]) }, "fail"],
  ["one of ten that is the prediction", 1, { prediction: "c0" }, "fail"],
  ["one of ten that is allowed to", 1, { columns: new Map([["c0", { threshold: 0.9 }]]) }, "quiet"],
])("judgeDrift() of %s: the table's level is %4$s", ([, drifted, settings, level]) => {
  const sides = Array.from(
    { length: 10 },
    (_, i) => [`c${i}`, [mix(500, 500), i < drifted ? mix(200, 800) : mix(500, 500)]] as const,
  );
  expect(judge(Object.fromEntries(sides), settings).level).toBe(level);
});

it("judgeDrift() puts first what the model makes most of", () => {
  const sides = {
    a: [mix(500, 500), mix(100, 900)],
    b: [mix(500, 500), mix(350, 650)],
    c: [mix(50, 50), mix(50, 50)],
  } as const;
  expect(judge(sides).columns.map(({ column }) => column)).toEqual(["a", "b", "c"]);
  const importances = new Map([
    ["a", 0.01],
    ["b", 0.6],
  ]);
  const { columns } = judge(sides, { importances });
  expect(columns.map(({ column }) => column)).toEqual(["b", "a", "c"]);
  expect(columns[0]?.impact).toBeCloseTo(0.6 * ((columns[0]?.effect ?? 0) / 0.1), 12);
});

it("judgeDrift() sees no difference between a number and its copy in 32 bits", () => {
  const values = Array.from({ length: 3_000 }, (_, i) => Math.sin(i) / 3);
  const change = {
    reference: { files: [], profile: profileOf({ x: values }) },
    current: { files: [], profile: profileOf({ x: values.map(Math.fround) }, { x: "float32" }) },
  };
  expect(judgeDrift({ ...facts({}), ...change }).columns[0]).toMatchObject({ level: "quiet", effect: 0 });
});

it("judgeDrift() lists the ten values that moved most, with their shares", () => {
  const item = [
    mix(...Array.from({ length: 30 }, () => 100)),
    mix(...Array.from({ length: 30 }, (_, i) => i * 10)),
  ] as const;
  const moved = judge({ item }).columns[0]?.moved ?? [];
  expect(moved).toHaveLength(10);
  expect(moved[0]).toEqual({ value: "level 0", before: 1 / 30, now: 0 });
});

it("a record from before profiles can still be read", () => {
  const old = {
    schema: "trainyard/drift/1",
    model: "churn",
    version: "v1.0.0",
    verdict: "drift",
    because: "",
    reference: { files: [], rows: 1 },
    current: { files: [], rows: 1 },
    columns: [
      {
        column: "age (empty or not)",
        kind: "categorical",
        effect: 0.2,
        threshold: 0.1,
        effectName: "cramers-v",
        p: 0,
        adjustedP: 0,
        drifted: true,
        moved: [],
        because: "",
      },
    ],
    lead: null,
    at: "2026-01-01T00:00:00Z",
  };
  expect(driftReportSchema.parse(old)).toEqual(old);
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

it("judgeDrift() counts the columns that a record has no room for", () => {
  const names = Array.from({ length: 2_003 }, (_, index) => `c${index}`);
  const report = judge(Object.fromEntries(names.map((name) => [name, [mix(500, 500), mix(500, 500)]] as const)));
  expect([report.columns.length, report.moreColumns]).toEqual([2_000, 3]);
  expect(renderDrift(report)).toMatch(/^No drift in 2,003 columns\n[^]* and 1,963 more$/);
});
