import type { DriftColumn } from "#core/evidence.ts";
import { compareMixes } from "#core/statistics/cramers-v.ts";
import { compareShapes } from "#core/statistics/kolmogorov-smirnov.ts";
import { quantile, robustSpread, wassersteinDistance } from "#core/statistics/wasserstein.ts";
import type { ColumnProfile, NumericSide } from "./column-profile.ts";
import { driftThresholds } from "./thresholds.ts";

/** What a column shows before the p-values of all columns are adjusted together. */
export type ColumnTest = Pick<DriftColumn, "column" | "kind" | "effect" | "threshold" | "effectName" | "moved"> & {
  p: number;
};

const moversShown = 10;

/** Tests one column. A numeric one is tested for its share of empty cells too, where it has any. */
export function testColumn(profile: ColumnProfile): ColumnTest[] {
  if (profile.kind === "categorical") return [testMix(profile.column, profile.reference, profile.current)];
  const { column, reference, current } = profile;
  const shape = testShape(column, reference.values, current.values);
  if (reference.missing + current.missing === 0) return [shape];
  return [shape, testMix(`${column} (empty or not)`, emptiness(reference), emptiness(current))];
}

function emptiness(side: NumericSide): Map<string, number> {
  return new Map([
    ["empty", side.missing],
    ["not empty", side.values.length],
  ]);
}

function testMix(
  column: string,
  reference: ReadonlyMap<string, number>,
  current: ReadonlyMap<string, number>,
): ColumnTest {
  const { v, p } = compareMixes(reference, current);
  const threshold = driftThresholds.cramersV;
  return {
    column,
    kind: "categorical",
    effect: Number.isFinite(v) ? v : null,
    threshold,
    effectName: "cramers-v",
    p,
    moved: findMovers(reference, current),
  };
}

function testShape(column: string, reference: Float64Array, current: Float64Array): ColumnTest {
  const { distance, p } = compareShapes(reference, current);
  const shift = wassersteinDistance(reference, current) / robustSpread(reference);
  const { kolmogorovSmirnov, wasserstein } = driftThresholds;
  // the effect that is further beyond its own threshold speaks
  const bySize = shift / wasserstein > distance / kolmogorovSmirnov;
  const effect = bySize ? shift : distance;
  const measured = reference.length > 0 && current.length > 0;
  return {
    column,
    kind: "numeric",
    effect: Number.isFinite(effect) ? effect : null,
    threshold: bySize ? wasserstein : kolmogorovSmirnov,
    effectName: bySize ? "wasserstein" : "ks",
    p,
    moved: measured
      ? [{ value: "median", before: quantile(reference.toSorted(), 0.5), now: quantile(current.toSorted(), 0.5) }]
      : [],
  };
}

/** The values whose share of rows moved most, by the distance moved, ties by value. */
function findMovers(
  reference: ReadonlyMap<string, number>,
  current: ReadonlyMap<string, number>,
): DriftColumn["moved"] {
  const n = reference.values().reduce((sum, count) => sum + count, 0);
  const m = current.values().reduce((sum, count) => sum + count, 0);
  if (n === 0 || m === 0) return [];
  return [...new Set([...reference.keys(), ...current.keys()])]
    .map((value) => ({
      value: value.slice(0, 1_000),
      before: (reference.get(value) ?? 0) / n,
      now: (current.get(value) ?? 0) / m,
    }))
    .filter(({ before, now }) => before !== now)
    .sort((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before) || (a.value < b.value ? -1 : 1))
    .slice(0, moversShown);
}
