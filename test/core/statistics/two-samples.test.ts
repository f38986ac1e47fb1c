import { expect, it } from "vitest";
import { compareShapes } from "#core/statistics/bins/compare-shapes.ts";
import { clipCells, pairBins } from "#core/statistics/bins/pair-bins.ts";
import { deviationOf, quantileOf, robustSpread } from "#core/statistics/bins/spread.ts";
import { wassersteinDistance } from "#core/statistics/bins/wasserstein.ts";
import { compareMixes } from "#core/statistics/cramers-v.ts";
import { estimateDifference, testProportions } from "#core/statistics/compare-proportions.ts";
import { adjustForFalseDiscovery } from "#core/statistics/false-discovery.ts";
import { jensenShannon } from "#core/statistics/jensen-shannon.ts";
import { pairCounts } from "#core/statistics/pair-counts.ts";
import { findUnseenLevels } from "#core/statistics/unseen-levels.ts";
import { openDraws } from "#test/core/drift/draws.ts";
import { binsOf, cellsOf } from "./bins-of.ts";
import drift from "./goldens/drift-goldens.json" with { type: "json" };
import goldens from "./goldens/goldens.json" with { type: "json" };

const levels = (counts: readonly number[]): Map<string, number> =>
  new Map(counts.flatMap((count, level) => (count === 0 ? [] : [[String(level), count] as const])));

it.for([goldens.falseDiscovery, drift.falseDiscovery])(
  "adjustForFalseDiscovery() agrees with scipy",
  ({ ps, adjusted }) => {
    adjustForFalseDiscovery(ps).forEach((p, index) => expect(p).toBeCloseTo(adjusted[index] ?? NaN, 14));
  },
);

it("adjustForFalseDiscovery() leaves out what was not tested", () => {
  expect(adjustForFalseDiscovery([0.01, NaN, 0.5])).toEqual([0.02, NaN, 0.5]);
});

const ranks = (sides: string, side: string): number[] =>
  sides.split("").flatMap((letter, at) => (letter === side ? [at] : []));
it.for([
  ...goldens.kolmogorovSmirnov,
  ...drift.ks.map(({ sides, distance, p }) => ({ a: ranks(sides, "a"), b: ranks(sides, "b"), distance, p })),
])("compareShapes() agrees with scipy's exact test, D = $distance", ({ a, b, distance, p }) => {
  const found = compareShapes(cellsOf(a, b));
  expect(found.distance).toBeCloseTo(distance, 14);
  expect(found.atMost).toBe(found.distance);
  expect(Math.abs(found.p - p) / p).toBeLessThan(1e-10);
});

it.for([...goldens.kolmogorovSmirnovTies, ...drift.ksTies])(
  "compareShapes() agrees with a permutation where values tie, D = $distance",
  ({ a, b, distance, p, folds }) => {
    const found = compareShapes(cellsOf(a, b));
    expect(found.distance).toBeCloseTo(distance, 14);
    expect(Math.abs(found.p - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / folds) + 1e-4);
  },
);

/** Kolmogorov's law with Stephens's correction, far out. */
function limitLaw(n: number, m: number, distance: number): number {
  const root = Math.sqrt((n * m) / (n + m));
  return 2 * Math.exp(-2 * ((root + 0.12 + 0.11 / root) * distance) ** 2);
}

it("compareShapes() changes to the limit law without a jump", () => {
  const line = (n: number, shift: number): number[] => Array.from({ length: n }, (_, i) => i / n + shift + 1e-9);
  const exact = compareShapes(cellsOf(line(9_000, 0), line(8_000, 0.0251)));
  expect(Math.abs(exact.p / limitLaw(9_000, 8_000, exact.distance) - 1)).toBeLessThan(0.02);
  const limit = compareShapes(cellsOf(line(9_000, 0), line(8_000, 0.22)));
  expect(limit.p / limitLaw(9_000, 8_000, limit.distance)).toBeCloseTo(1, 9);
});

it("compareShapes() and wassersteinDistance() say nothing about an empty side", () => {
  expect(compareShapes(cellsOf([], [1]))).toEqual({ distance: NaN, atMost: NaN, p: NaN });
  expect(wassersteinDistance(cellsOf([], [1]))).toBeNaN();
});

const counted = (counts: readonly number[]): number[] =>
  counts.flatMap((count, value) => Array.from({ length: count }, () => value));
const { a: wholeA, b: wholeB, distance: wholeDistance } = drift.wassersteinWhole;
it.for([...goldens.wasserstein, { a: counted(wholeA), b: counted(wholeB), distance: wholeDistance }])(
  "wassersteinDistance() agrees with scipy: $distance",
  ({ a, b, distance }) => {
    expect(wassersteinDistance(cellsOf(a, b))).toBeCloseTo(distance, 12);
  },
);

it.for([
  { bits: 4, error: 0.01 },
  { bits: 7, error: 0.001 },
])("bins of $bits bits keep the distances: KS inside its certified bounds, both to $error", ({ bits, error }) => {
  const { normal } = openDraws(1);
  const [a, b] = [Array.from({ length: 8_000 }, normal), Array.from({ length: 6_000 }, () => 1.1 * normal() + 0.2)];
  const exact = cellsOf(a, b);
  const { distance } = compareShapes(exact);
  const both = [...a, ...b];
  const coarse = pairBins(binsOf(a).coarsened(bits).bins(), binsOf(b).coarsened(bits).bins());
  const cells = clipCells(coarse, Math.min(...both), Math.max(...both));
  const found = compareShapes(cells);
  expect(found.distance).toBeLessThanOrEqual(distance + 1e-12);
  expect(found.atMost).toBeGreaterThanOrEqual(distance - 1e-12);
  expect(distance - found.distance).toBeLessThan(error);
  expect(Math.abs(wassersteinDistance(cells) / wassersteinDistance(exact) - 1)).toBeLessThan(error);
});

it.for([
  { values: [1, 2, 3, 4, 5], spread: 2 / 1.349 },
  { values: [7, 7, 7, 7, 7, 7, 7, 17], spread: Math.sqrt(87.5 / 8) },
  { values: [7, 7, 7], spread: 1 },
])("robustSpread() of $values is $spread", ({ values, spread }) => {
  expect(robustSpread(binsOf(values).bins())).toBeCloseTo(spread, 12);
});

it("quantileOf() interpolates between values, and spreads those of a coarse bin over it", () => {
  const bins = binsOf([4, 1, 2, 3]).bins();
  expect([0, 0.25, 0.5, 1].map((share) => quantileOf(bins, share))).toEqual([1, 1.75, 2.5, 4]);
  const { normal } = openDraws(2);
  const values = binsOf(Array.from({ length: 10_000 }, () => 100 + normal()));
  const coarse = values.coarsened(9).bins();
  expect(Math.abs(quantileOf(coarse, 0.5) - quantileOf(values.bins(), 0.5))).toBeLessThan(0.02);
  expect(deviationOf(coarse)).toBeCloseTo(deviationOf(values.bins()), 2);
});

it.for(goldens.cramersV)(
  "compareMixes() agrees with scipy's chi-squared and the corrected V $v",
  ({ x, y, chiSquared, p, v }) => {
    const found = compareMixes(pairCounts(levels(x), levels(y)));
    expect(found.chiSquared).toBeCloseTo(chiSquared, 8);
    expect(Math.abs(found.p - p)).toBeLessThanOrEqual(1e-12 * p + 1e-300);
    expect(found.v).toBeCloseTo(v, 12);
  },
);

it("compareMixes() pools the levels that are too rare for a chi-squared", () => {
  const { first, second, v, p } = goldens.cramersVPooled;
  const found = compareMixes(pairCounts(new Map(Object.entries(first)), new Map(Object.entries(second))));
  expect(found.v).toBeCloseTo(v, 12);
  expect(found.p).toBeCloseTo(p, 12);
});

it("compareMixes() sees no drift in thousands of levels seen once or twice", () => {
  const rare = (from: number): Map<string, number> =>
    new Map(Array.from({ length: 5_000 }, (_, i) => [`product ${from + i}`, 1]));
  expect(compareMixes(pairCounts(rare(0), rare(2_500)))).toMatchObject({ v: 0, p: 1 });
});

it.for(drift.jensenShannon)("jensenShannon() agrees with scipy: $bits", ({ x, y, bits, nats }) => {
  expect(jensenShannon(pairCounts(levels(x), levels(y)))).toBeCloseTo(bits, 12);
  expect(jensenShannon(pairCounts(levels(x), levels(y))) * Math.sqrt(Math.LN2)).toBeCloseTo(nats, 12);
});

it.for(drift.proportions)(
  "testProportions() and estimateDifference() of $x/$n and $y/$m agree with statsmodels",
  (golden) => {
    const { x, n, y, m, low, high, z, fisher } = golden;
    const least = (Math.min(n, m) * Math.min(x + y, n + m - x - y)) / (n + m);
    const p = testProportions(x, n, y, m);
    const wanted = least < 5 ? fisher : z;
    expect(Math.abs(p - wanted) / wanted).toBeLessThan(1e-9);
    const change = estimateDifference(x, n, y, m);
    expect([change.low, change.high]).toEqual([expect.closeTo(low, 9), expect.closeTo(high, 9)]);
  },
);

it.for(drift.unseen)("findUnseenLevels() expects what random deals bring, and bounds their p: $rows rows", (golden) => {
  const { first, second, rows, mean, sd, p, folds } = golden;
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  const pairs = pairCounts(levels(first), levels(second));
  const found = findUnseenLevels(pairs.first, pairs.second, sum(first), sum(second));
  expect(found.rows).toBe(rows);
  expect(Math.abs(found.expected - mean)).toBeLessThan((4.5 * sd) / Math.sqrt(folds) + 1e-9);
  expect(found.p).toBeGreaterThanOrEqual(p - 3 * Math.sqrt((p * (1 - p)) / folds));
  // of use all the same: a bound within a factor of 15
  expect(found.p).toBeLessThanOrEqual(Math.min(1, 15 * p + 15 / folds));
});

it("findUnseenLevels() answers at once, however many the rows", () => {
  const [n, m, rare] = [2, 1_000_000, 500_000];
  const found = findUnseenLevels(Float64Array.of(n, 0), Float64Array.of(m - rare, rare), n, m);
  // no row of the level is one of the two: a quarter of all deals
  const share = (rows: number): number => ((n + m - rows) * (n + m - rows - 1)) / ((n + m) * (n + m - 1));
  const expected = rare * share(rare) + (m - rare + n) * share(m - rare + n);
  expect(found.expected / expected).toBeCloseTo(1, 6);
  const many = 2 ** 53 - 1;
  expect(findUnseenLevels(Float64Array.of(300, 0), Float64Array.of(0, many), 300, many).p).toBeLessThan(1e-100);
  expect(testProportions(0, 200_000, 190_000, 8e9)).toBeLessThan(1);
});
