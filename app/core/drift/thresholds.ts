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

/**
 * From which effect a test speaks. `own`: somebody's threshold for the distance or V of this column in place of 0.1; the
 * Wasserstein distance and the failing levels move in proportion.
 */
export function barOf(test: DriftTestName, role: ColumnRole, own?: number): Bar {
  const base = own ?? (role === "feature" ? 0.1 : 0.05);
  switch (test) {
    case "wasserstein":
      return own === undefined ? { warn: 0.25, fail: 0.5 } : { warn: 2.5 * own, fail: 5 * own };
    case "missing":
      return { warn: 0.02, fail: 0.1 };
    case "new-levels":
    case "missing-levels":
      return { warn: 0.01, fail: 0.05 };
    default:
      return { warn: base, fail: 2 * base };
  }
}
