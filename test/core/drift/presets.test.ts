import { expect, it } from "vitest";
import { calibrate } from "#core/drift/calibrate.ts";
import { defaultDriftSettings, type DriftSettings } from "#core/drift/drift-settings.ts";
import { judgeTables } from "#core/drift/judge-tables.ts";
import { judgeRows } from "#core/drift/rows/judge-rows.ts";
import goldens from "#test/core/statistics/goldens/drift-goldens.json" with { type: "json" };
import { openDraws } from "./draws.ts";
import { profileOf, type Values } from "./profile-of.ts";

const evidently: DriftSettings = { ...defaultDriftSettings, preset: "evidently" };
const level = (counts: readonly number[]) => new Map(counts.map((count, index) => [`l${index}`, count] as const));
const only = (before: Values, now: Values, settings = evidently) =>
  judgeTables(profileOf({ x: before }), profileOf({ x: now }), settings).columns[0];
const normals = (n: number, shift: number, seed: number): number[] => {
  const { normal } = openDraws(seed);
  return Array.from({ length: n }, () => normal() + shift);
};

it("Evidently's rules: goodness of fit for a small reference, with scipy's p", () => {
  const { x, y, p } = goldens.goodnessOfFit;
  const column = only(level(x), level(y));
  expect(column).toMatchObject({ effectName: "chi-squared", drifted: true });
  expect((column?.p ?? NaN) / p).toBeCloseTo(1, 9);
});

it.for<[string, Values, Values, string, boolean]>([
  ["two levels, by the z-test", level([500, 400]), level([430, 470]), "chi-squared", true],
  ["a new level in a small reference, always", level([300, 300]), level([300, 299, 1]), "chi-squared", true],
  ["a large reference, by Jensen-Shannon", level([1_000, 1_000]), level([1_000, 1_000]), "jensen-shannon", false],
  ["a small reference, by the KS p", normals(800, 0, 1), normals(800, 0.3, 2), "ks", true],
  ["a large reference, by Wasserstein / std", normals(2_000, 0, 3), normals(2_000, 0.15, 4), "wasserstein-std", true],
  ["what moved less than a tenth", normals(2_000, 0, 3), normals(2_000, 0, 5), "wasserstein-std", false],
])("Evidently's rules: %s", ([, before, now, effectName, drifted]) => {
  expect(only(before, now)).toMatchObject({ effectName, drifted });
});

it("Evidently's rules do not see nulls come", () => {
  const values = normals(2_000, 0, 6);
  const holes = values.map((value, at) => (at % 3 === 0 ? null : value));
  expect(only(values, holes)).toMatchObject({ drifted: false });
  expect(only(values, holes, defaultDriftSettings)).toMatchObject({ drifted: true });
});

it("calibrate() lifts a threshold over what the reference's own weeks show, and asks for ten of them", () => {
  // a column that swings from week to week
  const weeks = Array.from({ length: 12 }, (_, week) =>
    profileOf({ x: normals(300, Math.sin(week * 2) / 2, 10 + week) }),
  );
  const all = profileOf({
    x: Array.from({ length: 12 }, (_, week) => normals(300, Math.sin(week * 2) / 2, 10 + week)).flat(),
  });
  const now = profileOf({ x: normals(300, 0.5, 99) });
  expect(judgeTables(all, now, defaultDriftSettings).columns[0]?.drifted).toBe(true);
  const calibration = calibrate(all, weeks, defaultDriftSettings);
  expect(judgeTables(all, now, { ...defaultDriftSettings, calibration }).columns[0]?.drifted).toBe(false);
  expect(() => calibrate(all, weeks.slice(0, 9), defaultDriftSettings)).toThrow("At least 10 parts");
});

it("judgeRows() finds that two columns no longer go together, and nothing where nothing is", () => {
  const { normal, uniform } = openDraws(7);
  const draw = (sign: number) => {
    const a = Array.from({ length: 600 }, normal);
    return new Map<string, (number | string | null)[]>([
      ["a", a],
      ["b", a.map((value) => sign * value + normal() / 3)],
      ["c", a.map(() => (uniform() < 0.1 ? null : `l${Math.floor(uniform() * 50)}`))],
    ]);
  };
  const apart = judgeRows(draw(1), draw(-1));
  expect(apart.level).toBe("fail");
  expect(
    apart.columns
      .slice(0, 2)
      .map(({ column }) => column)
      .sort(),
  ).toEqual(["a", "b"]);
  expect(judgeRows(draw(1), draw(1)).level).toBe("quiet");
});
