import { expect, it } from "vitest";
import { compareMixes } from "#core/statistics/cramers-v.ts";
import { adjustForFalseDiscovery } from "#core/statistics/false-discovery.ts";
import { compareShapes } from "#core/statistics/kolmogorov-smirnov.ts";
import { robustSpread, wassersteinDistance } from "#core/statistics/wasserstein.ts";
import goldens from "./goldens/goldens.json" with { type: "json" };

const floats = (values: readonly number[]): Float64Array => Float64Array.from(values);
const levels = (counts: readonly number[]): Map<string, number> =>
  new Map(counts.map((count, level) => [String(level), count]));

it("adjustForFalseDiscovery() agrees with scipy", () => {
  const { ps, adjusted } = goldens.falseDiscovery;
  adjustForFalseDiscovery(ps).forEach((p, index) => expect(p).toBeCloseTo(adjusted[index] ?? NaN, 14));
});

it("adjustForFalseDiscovery() leaves out what was not tested", () => {
  expect(adjustForFalseDiscovery([0.01, NaN, 0.5])).toEqual([0.02, NaN, 0.5]);
});

it.for(goldens.kolmogorovSmirnov)(
  "compareShapes() agrees with scipy's exact test, D = $distance",
  ({ a, b, distance, p }) => {
    const found = compareShapes(floats(a), floats(b));
    expect(found.distance).toBeCloseTo(distance, 14);
    expect(Math.abs(found.p - p) / p).toBeLessThan(1e-10);
  },
);

it.for(goldens.kolmogorovSmirnovTies)(
  "compareShapes() agrees with a permutation where values tie, D = $distance",
  ({ a, b, distance, p, folds }) => {
    const found = compareShapes(floats(a), floats(b));
    expect(found.distance).toBeCloseTo(distance, 14);
    expect(Math.abs(found.p - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / folds) + 1e-4);
  },
);

it("compareShapes() changes to the limit law without a jump", () => {
  const line = (n: number, shift: number): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => i / n + shift + 1e-9);
  const exact = compareShapes(line(9_990, 0), line(10_000, 0.0251));
  const limit = compareShapes(line(10_010, 0), line(10_000, 0.0251));
  expect(Math.abs(exact.p - limit.p) / exact.p).toBeLessThan(0.02);
});

it("compareShapes() and wassersteinDistance() say nothing about an empty side", () => {
  expect(compareShapes(floats([]), floats([1]))).toEqual({ distance: NaN, p: NaN });
  expect(wassersteinDistance(floats([]), floats([1]))).toBeNaN();
});

it.for(goldens.wasserstein)("wassersteinDistance() agrees with scipy: $distance", ({ a, b, distance }) => {
  expect(wassersteinDistance(floats(a), floats(b))).toBeCloseTo(distance, 12);
});

it.for([
  { values: [1, 2, 3, 4, 5], spread: 2 / 1.349 },
  { values: [7, 7, 7, 7, 7, 7, 7, 17], spread: Math.sqrt(87.5 / 8) },
  { values: [7, 7, 7], spread: 1 },
])("robustSpread() of $values is $spread", ({ values, spread }) => {
  expect(robustSpread(floats(values))).toBeCloseTo(spread, 12);
});

it.for(goldens.cramersV)(
  "compareMixes() agrees with scipy's chi-squared and the corrected V $v",
  ({ x, y, chiSquared, p, v }) => {
    const found = compareMixes(levels(x), levels(y));
    expect(found.chiSquared).toBeCloseTo(chiSquared, 8);
    expect(Math.abs(found.p - p)).toBeLessThanOrEqual(1e-12 * p + 1e-300);
    expect(found.v).toBeCloseTo(v, 12);
  },
);

it("compareMixes() pools the levels that are too rare for a chi-squared", () => {
  const { first, second, v, p } = goldens.cramersVPooled;
  const found = compareMixes(new Map(Object.entries(first)), new Map(Object.entries(second)));
  expect(found.v).toBeCloseTo(v, 12);
  expect(found.p).toBeCloseTo(p, 12);
});

it("compareMixes() sees no drift in thousands of levels seen once or twice", () => {
  const rare = (from: number): Map<string, number> =>
    new Map(Array.from({ length: 5_000 }, (_, i) => [`product ${from + i}`, 1]));
  expect(compareMixes(rare(0), rare(2_500))).toMatchObject({ v: 0, p: 1 });
});
