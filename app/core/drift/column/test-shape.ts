import { compareShapes } from "#core/statistics/bins/compare-shapes.ts";
import { robustSpread } from "#core/statistics/bins/spread.ts";
import { wassersteinDistance } from "#core/statistics/bins/wasserstein.ts";
import { barOf, type ColumnRole, type ColumnLimits } from "#core/drift/thresholds.ts";
import type { DriftTest } from "./column-finding.ts";
import type { NumberPair } from "./pair-numbers.ts";

/** Two numbers of one difference: how far the shapes part, and how far the values moved in spreads of the reference. */
export function testShape(
  { cells, reference }: NumberPair,
  role: ColumnRole,
  own: ColumnLimits | undefined,
): DriftTest[] {
  const { distance, atMost, p } = compareShapes(cells);
  const moved = wassersteinDistance(cells) / robustSpread(reference);
  return [
    { name: "ks", effect: distance, atMost, p, ...barOf("ks", role, own) },
    { name: "wasserstein", effect: moved, p, isTwin: true, ...barOf("wasserstein", role, own) },
  ];
}
