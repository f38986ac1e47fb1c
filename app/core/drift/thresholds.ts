import type { DriftTestName } from "#core/drift/drift-record.ts";

/** What holds for every column. */
export const driftThresholds = {
  /** of a p adjusted over all tests (Benjamini & Hochberg) */
  adjustedP: 0.01,
  /** rows a side below which nothing is said; of a column: values */
  leastRows: 100,
  /** share of drifted columns from which the table is said to warn, and to fail */
  shareWarns: 0.3,
  shareFails: 0.5,
  /** share of the lead at promotion whose certain loss needs no second block to confirm it */
  leadLost: 0.25,
} as const;

/** An effect warns from `warn` and fails from `fail`, where its p allows. */
export type Bar = { warn: number; fail: number };

/** What a column is to the model: its label, its answer, or what it is told. */
export type ColumnRole = "feature" | "target" | "prediction";

/** Somebody's thresholds for a column: of the distance or V, of the share without a value, of new and gone values. */
export type ColumnLimits = {
  threshold?: number | undefined;
  missing?: number | undefined;
  newValues?: number | undefined;
};

/**
 * From which effect a test speaks. `own`: in place of ours; the Wasserstein distance moves in proportion with the other
 * distance, and the failing levels with the warning ones.
 */
export function barOf(test: DriftTestName, role: ColumnRole, own: ColumnLimits = {}): Bar {
  const { threshold, missing = 0.02, newValues = 0.01 } = own;
  const base = threshold ?? (role === "feature" ? 0.1 : 0.05);
  switch (test) {
    case "wasserstein":
      return threshold === undefined ? { warn: 0.25, fail: 0.5 } : { warn: 2.5 * threshold, fail: 5 * threshold };
    case "missing":
      return { warn: missing, fail: 5 * missing };
    case "new-levels":
    case "missing-levels":
      return { warn: newValues, fail: 5 * newValues };
    default:
      return { warn: base, fail: 2 * base };
  }
}
