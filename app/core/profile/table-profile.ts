import type { DistinctSketch } from "./distinct-sketch.ts";
import type { LevelCounts } from "./level-counts.ts";
import type { NumberBins } from "./number-bins.ts";

/**
 * What a column holds: whole numbers, other numbers, numbers of 32 bits, times (numbers of seconds since 1970, UTC),
 * names, true and false (levels "true" and "false"), nothing at all, or values that are not profiled (lists, maps).
 */
export type ProfileType = "integer" | "number" | "float32" | "time" | "text" | "boolean" | "empty" | "nested";

/** Numbers of a column: all but `nans` and the infinite ones are in the bins. */
export type NumberSummary = {
  nans: number;
  negativeInfinite: number;
  positiveInfinite: number;
  /** of the finite ones; NaN where there is none */
  min: number;
  max: number;
  bins: NumberBins;
  distinct: DistinctSketch;
};

/** One column. `nulls`: rows without a value. Names and levels come from data files: untrusted. */
export type ColumnSummary = { name: string; nulls: number } & (
  | { type: "integer" | "number" | "float32" | "time"; numbers: NumberSummary }
  | { type: "text" | "boolean"; levels: LevelCounts }
  | { type: "empty" | "nested" }
);

/** A table in little: parts merged are the whole, exactly. `columns` in the order of the first part. */
export type TableProfile = { rows: number; columns: readonly ColumnSummary[] };
