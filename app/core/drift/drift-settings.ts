import { driftThresholds, type ColumnLimits } from "./thresholds.ts";

/** How two tables are to be compared. */
export type DriftSettings = {
  /** an effect counts with an adjusted p up to this */
  p: number;
  /** whose rules decide; undefined: ours */
  preset: "evidently" | undefined;
  target: string | undefined;
  prediction: string | undefined;
  /** the columns to look at, ids and times among them too; undefined: all that are neither */
  watched: readonly string[] | undefined;
  /** columns to leave out */
  without: readonly string[];
  /** columns that name things although they look like numbers */
  names: readonly string[];
  columns: ReadonlyMap<string, ColumnLimits & { critical?: boolean | undefined }>;
  /** what the model makes of a column, by name: any scale */
  importances: ReadonlyMap<string, number>;
  /** least thresholds from the reference's own history, by `calibrationKey` */
  calibration: ReadonlyMap<string, number>;
};

export const defaultDriftSettings: DriftSettings = {
  p: driftThresholds.adjustedP,
  preset: undefined,
  target: undefined,
  prediction: undefined,
  watched: undefined,
  without: [],
  names: [],
  columns: new Map(),
  importances: new Map(),
  calibration: new Map(),
};
