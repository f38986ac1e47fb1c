import type { ColumnSummary } from "#core/profile/table-profile.ts";
import { testProportions } from "#core/statistics/compare-proportions.ts";
import { barOf, type ColumnLimits } from "#core/drift/thresholds.ts";
import type { DriftTest } from "./column-finding.ts";
import type { ColumnPair } from "./pair-columns.ts";

/** Rows without a value that can be reckoned with: empty ones, NaN, infinities. */
export function countMissing(column: ColumnSummary): number {
  if (!("numbers" in column)) return column.nulls;
  const { nans, negativeInfinite, positiveInfinite } = column.numbers;
  return column.nulls + nans + negativeInfinite + positiveInfinite;
}

/** The share of rows without a value, where there is any such row. */
export function testMissing({ sides, rows }: ColumnPair, own?: ColumnLimits): DriftTest[] {
  const [x, y] = [countMissing(sides[0]), countMissing(sides[1])];
  if (x + y === 0) return [];
  const [n, m] = rows;
  const effect = n === 0 || m === 0 ? NaN : Math.abs(y / m - x / n);
  return [{ name: "missing", effect, p: testProportions(x, n, y, m), ...barOf("missing", "feature", own) }];
}
