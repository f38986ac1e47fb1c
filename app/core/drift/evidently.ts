import { compareShapes } from "#core/statistics/bins/compare-shapes.ts";
import { deviationOf } from "#core/statistics/bins/spread.ts";
import { wassersteinDistance } from "#core/statistics/bins/wasserstein.ts";
import { jensenShannon } from "#core/statistics/jensen-shannon.ts";
import { chiSquaredTail } from "#core/statistics/tails/chi-squared-tail.ts";
import { normalTail } from "#core/statistics/tails/normal-tail.ts";
import type { ColumnFinding, DriftTest } from "./column/column-finding.ts";
import type { ColumnPair } from "./column/pair-columns.ts";
import { pairLevels, type LevelPair } from "./column/pair-levels.ts";
import { pairNumbers, type NumberPair } from "./column/pair-numbers.ts";
import { testColumn, type ColumnOrder } from "./column/test-column.ts";

/** A p counts up to this, a distance from `distance` up: Evidently's defaults. */
const limits = { p: 0.05, distance: 0.1, smallReference: 1_000, fewValues: 5 } as const;

/**
 * A column by Evidently's default rules: small references by p, large ones by distance, nothing adjusted, empty cells
 * and NaN left out. Its size is the reference's values, and numbers of at most 5 different ones are categories.
 */
export function testAsEvidently(pair: ColumnPair, order: ColumnOrder): ColumnFinding {
  const [a, b] = pair.sides;
  const numbers = "numbers" in a && "numbers" in b ? pairNumbers([a.numbers, b.numbers], false) : undefined;
  const isMany = numbers !== undefined && numbers.reference.length > limits.fewValues;
  const levels = isMany ? undefined : pairLevels(pair.sides);
  const ours = testColumn(pair, { ...order, kind: levels === undefined ? "numeric" : "categorical" });
  const tests = levels === undefined ? (numbers === undefined ? [] : [testNumbers(numbers)]) : [testMix(levels)];
  return { ...ours, tests: tests.filter(({ effect }) => !Number.isNaN(effect)), jensenShannon: undefined };
}

function testNumbers({ cells, reference }: NumberPair): DriftTest {
  if (cells.n <= limits.smallReference) return byP("ks", compareShapes(cells).distance, compareShapes(cells).p);
  return byDistance("wasserstein-std", wassersteinDistance(cells) / Math.max(deviationOf(reference), 0.001));
}

function testMix({ mix, totals }: LevelPair): DriftTest {
  const [n, m] = totals;
  if (n > limits.smallReference) return byDistance("jensen-shannon", jensenShannon(mix) * Math.sqrt(Math.LN2));
  const shares = mix.levels.map((_, index) => [(mix.first[index] ?? 0) / n, (mix.second[index] ?? 0) / m] as const);
  const moved = shares.reduce((sum, [before, now]) => sum + Math.abs(before - now), 0) / 2;
  const [one = [0, 0]] = shares;
  if (shares.length <= 2) return byP("chi-squared", moved, testTwo(one[0], n, one[1], m));
  // goodness of fit: the reference is taken for the truth
  const chiSquared = shares.reduce((sum, [before, now]) => sum + ((now - before) * m) ** 2 / (before * m), 0);
  return byP("chi-squared", moved, chiSquaredTail(chiSquared, shares.length - 1));
}

function testTwo(before: number, n: number, now: number, m: number): number {
  const pooled = (before * n + now * m) / (n + m);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  return error === 0 ? 1 : 2 * normalTail(Math.abs(before - now) / error);
}

function byP(name: DriftTest["name"], effect: number, p: number): DriftTest {
  return { name, effect, warn: 0, fail: 0, p, detected: p <= limits.p };
}

function byDistance(name: DriftTest["name"], effect: number): DriftTest {
  return { name, effect, warn: limits.distance, fail: limits.distance, p: NaN, detected: effect >= limits.distance };
}
