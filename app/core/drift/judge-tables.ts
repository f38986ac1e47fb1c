import type { DriftChange, DriftColumn, DriftCoverage, DriftLevel } from "#core/drift/drift-record.ts";
import type { TableProfile } from "#core/profile/table-profile.ts";
import { adjustForFalseDiscovery } from "#core/statistics/false-discovery.ts";
import type { ColumnFinding } from "./column/column-finding.ts";
import { kindOf } from "./column/column-kind.ts";
import { judgeColumn, levelOf, type JudgedTest } from "./column/judge-column.ts";
import { pairColumns, type ColumnPair } from "./column/pair-columns.ts";
import { testColumn } from "./column/test-column.ts";
import { describeIds, describeTimes } from "./describe-coverage.ts";
import type { DriftSettings } from "./drift-settings.ts";
import { testAsEvidently } from "./evidently.ts";
import { findChanges } from "./find-changes.ts";
import { driftThresholds, type ColumnRole } from "./thresholds.ts";

export type TablesJudged = {
  /** the worst first */
  columns: readonly DriftColumn[];
  coverage: readonly DriftCoverage[];
  changes: readonly DriftChange[];
  level: DriftLevel;
};

/** The key of a threshold that was calibrated. */
export const calibrationKey = (column: string, test: string): string => `${column}\0${test}`;

/**
 * Two tables by their profiles alone. The p-values of all columns are adjusted together; ids and times are described,
 * not tested, unless somebody named them.
 */
export function judgeTables(reference: TableProfile, current: TableProfile, settings: DriftSettings): TablesJudged {
  const { findings, coverage, retyped, sides } = findMoves(reference, current, settings);
  const adjusted = adjustForFalseDiscovery(
    findings.flatMap(({ tests }) => tests.filter(({ isTwin }) => isTwin !== true).map(({ p }) => p)),
  ).values();
  const columns = findings.map((finding) => {
    let shared = NaN;
    const tests = finding.tests.map((test): JudgedTest => {
      if (test.isTwin !== true) shared = adjusted.next().value ?? NaN;
      // a preset's rules know no adjustment
      const adjustedP = settings.preset === undefined ? shared : test.p;
      const raised = raise(test, finding.column, settings);
      return { ...raised, adjustedP, level: levelOf(raised, adjustedP, settings.p) };
    });
    return judgeColumn(finding, tests, {
      critical: settings.columns.get(finding.column)?.critical === true,
      importance: settings.importances.get(finding.column),
    });
  });
  const changes = findChanges(sides, retyped, settings);
  return { columns: columns.sort(worstFirst), coverage, changes, level: judgeLevel(columns, changes, settings) };
}

/** Every column as it was tested, before anything is decided: for calibration too. */
export function findMoves(
  reference: TableProfile,
  current: TableProfile,
  settings: DriftSettings,
): {
  findings: readonly ColumnFinding[];
  coverage: readonly DriftCoverage[];
  retyped: readonly ColumnPair[];
  sides: Pick<ReturnType<typeof pairColumns>, "gone" | "come">;
} {
  const { watched, without } = settings;
  const isWanted = (name: string): boolean => watched?.includes(name) ?? !without.includes(name);
  const { pairs, gone, come } = pairColumns(reference, current);
  const findings: ColumnFinding[] = [];
  const coverage: DriftCoverage[] = [];
  const retyped: ColumnPair[] = [];
  for (const pair of pairs.filter(({ name }) => isWanted(name))) {
    const role = roleOf(pair.name, settings);
    const isAsked = watched?.includes(pair.name) === true || role !== "feature";
    const kind = kindOf(pair, settings.names.includes(pair.name), isAsked);
    if (kind === "id") coverage.push(describeIds(pair));
    else if (kind === "time") coverage.push(describeTimes(pair));
    else if (kind === "retyped") retyped.push(pair);
    else if (kind === "nested" || kind === "empty") findings.push(sayNothing(pair, role, kind));
    else {
      const order = { kind, role, own: settings.columns.get(pair.name) };
      findings.push(settings.preset === "evidently" ? testAsEvidently(pair, order) : testColumn(pair, order));
    }
  }
  const named = (columns: typeof gone): typeof gone => columns.filter(({ name }) => isWanted(name));
  return { findings, coverage, retyped, sides: { gone: named(gone), come: named(come) } };
}

function roleOf(name: string, { target, prediction }: DriftSettings): ColumnRole {
  return name === target ? "target" : name === prediction ? "prediction" : "feature";
}

function sayNothing({ name }: ColumnPair, role: ColumnRole, kind: "nested" | "empty"): ColumnFinding {
  const unknown = kind === "nested" ? "lists and maps are not compared" : "neither side has a value in it";
  return { column: name, kind: "categorical", role, tests: [], moved: [], says: {}, unknown };
}

/** A threshold is never below what the reference's own history shows. */
function raise(test: ColumnFinding["tests"][number], column: string, { calibration }: DriftSettings): typeof test {
  const least = calibration.get(calibrationKey(column, test.name)) ?? 0;
  return least <= test.warn ? test : { ...test, warn: least, fail: Math.max(test.fail, least) };
}

const ranks: Readonly<Record<DriftLevel, number>> = { fail: 4, warn: 3, info: 2, unknown: 1, quiet: 0 };

/** By impact where the model's use of the columns is known, else by level and by effect in thresholds. */
function worstFirst(a: DriftColumn, b: DriftColumn): number {
  const reach = ({ effect, threshold }: DriftColumn): number =>
    threshold > 0 ? (effect ?? 0) / threshold : (effect ?? 0);
  const loud = (column: DriftColumn): number => (column.drifted ? 1 : 0);
  return (
    loud(b) - loud(a) ||
    (loud(a) === 1 ? (b.impact ?? 0) - (a.impact ?? 0) : 0) ||
    ranks[b.level ?? "quiet"] - ranks[a.level ?? "quiet"] ||
    reach(b) - reach(a)
  );
}

/** A target, a prediction and a critical column speak for the table; other columns by their number. */
function judgeLevel(
  columns: readonly DriftColumn[],
  changes: readonly DriftChange[],
  settings: DriftSettings,
): DriftLevel {
  const broken = changes.filter(({ level }) => level === "fail");
  const judged = columns.filter(({ level }) => level !== "unknown");
  const total = judged.length + broken.length;
  if (total === 0) return "unknown";
  const drifted = judged.filter((column) => column.drifted);
  const share = (drifted.length + broken.length) / total;
  const weighty = drifted.filter(({ role, critical }) => role !== "feature" || critical === true);
  const isBroken = broken.some(({ column }) => settings.columns.get(column)?.critical === true);
  if (isBroken || weighty.some(({ level }) => level === "fail") || share >= driftThresholds.shareFails) return "fail";
  if (weighty.length > 0 || share >= driftThresholds.shareWarns) return "warn";
  return drifted.length + broken.length > 0 ? "info" : "quiet";
}
