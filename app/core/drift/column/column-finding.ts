import type { DriftColumn, DriftTestName } from "#core/drift/drift-record.ts";
import type { ColumnRole } from "#core/drift/thresholds.ts";

/** One test of a column, before the p-values of all columns are adjusted together. NaN: not measured. */
export type DriftTest = {
  name: DriftTestName;
  effect: number;
  /** where the effect is known to lie between bounds: the upper one */
  atMost?: number;
  warn: number;
  fail: number;
  p: number;
  /** it asks the same as the test before it, whose p it shares: counted once */
  isTwin?: true;
  /** a preset's own rule has decided, whatever effect and p are */
  detected?: boolean;
};

/** What a column shows. `column` and what moved come from data files: untrusted. */
export type ColumnFinding = {
  column: string;
  kind: "categorical" | "numeric";
  role: ColumnRole;
  tests: readonly DriftTest[];
  moved: DriftColumn["moved"];
  /** the move in the column's own unit, for people: of its values, and where a test of that name speaks */
  says: Readonly<Partial<Record<"values" | DriftTestName, () => string>>>;
  /** why its values could not be compared */
  unknown: string | undefined;
  /** Jensen-Shannon distance (base 2) of categories */
  jensenShannon?: number | undefined;
  rate?: DriftColumn["rate"];
  rows?: DriftColumn["rows"];
};
