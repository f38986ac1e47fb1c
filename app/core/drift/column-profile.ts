/**
 * One column on both sides. Categories: rows by value, missing ones under `missingValue`. Numbers: the finite values,
 * and how many rows had none. Names and values come from data files: untrusted.
 */
export type ColumnProfile =
  | {
      kind: "categorical";
      column: string;
      reference: ReadonlyMap<string, number>;
      current: ReadonlyMap<string, number>;
    }
  | { kind: "numeric"; column: string; reference: NumericSide; current: NumericSide };

export type NumericSide = { values: Float64Array; missing: number };

/** The category that stands for an empty cell. */
export const missingValue = "(empty)";
