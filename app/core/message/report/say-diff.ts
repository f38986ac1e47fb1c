import type { DataDiff, Leakage } from "#core/diff/data-diff.ts";
import { exceedsChance } from "#core/diff/judge-leakage.ts";
import { escapeCell } from "#core/message/escape.ts";
import { formatCount, formatUnits } from "#core/message/format.ts";

/** From which difference of shares on a column is named: one in a hundred. */
const notable = 0.01;
const mostNamed = 3;

/** "+12,431 rows", "1 new category in `device`": what changed, the most general first. */
export function sayDiff(diff: DataDiff): readonly string[] {
  const { rowsAdded, rowsRemoved, rowsChanged, filesAdded, filesRemoved, filesChanged } = diff;
  const parts: string[] = [];
  if (rowsAdded !== null && rowsAdded > 0) parts.push(`+${formatUnits(rowsAdded, "row")}`);
  if (rowsRemoved !== null && rowsRemoved > 0) parts.push(`−${formatUnits(rowsRemoved, "row")}`);
  if (typeof rowsChanged === "number" && rowsChanged > 0) parts.push(`${formatUnits(rowsChanged, "row")} changed`);
  if (filesAdded > 0) parts.push(`${formatUnits(filesAdded, "file")} added`);
  if (filesRemoved > 0) parts.push(`${formatUnits(filesRemoved, "file")} removed`);
  if (filesChanged > 0) parts.push(`${formatUnits(filesChanged, "file")} changed`);
  const more = [...sayColumns(diff), ...sayCategories(diff), ...sayShares(diff)];
  const isSame = rowsAdded === 0 && rowsRemoved === 0 && (rowsChanged ?? 0) === 0 && diff.rows !== undefined;
  return [...parts, ...(isSame && more.length === 0 ? ["the same rows"] : []), ...more];
}

function sayColumns({ columns }: DataDiff): readonly string[] {
  if (columns === undefined) return [];
  const { added, removed, renamed, retyped } = columns;
  const [come, gone] = [added.length - renamed.length, removed.length - renamed.length];
  const parts: string[] = [];
  if (come > 0) parts.push(`${formatUnits(come, "column")} added`);
  if (gone > 0) parts.push(`${formatUnits(gone, "column")} removed`);
  if (renamed.length > 0) parts.push(`${formatUnits(renamed.length, "column")} perhaps renamed`);
  if (retyped.length > 0) parts.push(`${formatUnits(retyped.length, "column")} of another type`);
  return parts;
}

function sayCategories({ categories = [] }: DataDiff): readonly string[] {
  const say = (kind: "new" | "missing", one: string, many: string): string[] =>
    categories
      .filter((column) => column[kind].values > 0 && column.nearlyUnique !== true)
      .slice(0, mostNamed)
      .map(
        ({ column, [kind]: { values } }) =>
          `${formatCount(values)} ${values === 1 ? one : many} ${escapeCell(column, 60)}`,
      );
  return [
    ...say("new", "new category in", "new categories in"),
    ...say("missing", "category gone from", "categories gone from"),
  ];
}

function sayShares(diff: DataDiff): readonly string[] {
  const nulls = movedNulls(diff)
    .slice(0, mostNamed)
    .map(
      ({ column, before, after }) =>
        `${escapeCell(column, 60)} empty in ${sayShare(after, diff.rows?.after)} of rows (was ${sayShare(before, diff.rows?.before)})`,
    );
  const moved = movedLabels(diff)[0];
  if (moved === undefined || diff.labels === undefined) return nulls;
  const [before, after] = [sumLabels(diff, "before"), sumLabels(diff, "after")];
  const name = `${escapeCell(diff.labels.column, 60)} = ${escapeCell(moved.value ?? "(empty)", 40)}`;
  return [...nulls, `${name} in ${sayShare(moved.after, after)} of rows (was ${sayShare(moved.before, before)})`];
}

/** Columns whose share of empty values moved by enough to be named. */
export function movedNulls({ nulls = [], rows }: DataDiff, least = notable): NonNullable<DataDiff["nulls"]> {
  return rows === undefined ? [] : nulls.filter((counts) => isMoved(counts, rows, least));
}

/** Labels whose share moved by enough to be named, most first. */
export function movedLabels(diff: DataDiff, least = notable): NonNullable<DataDiff["labels"]>["values"] {
  const rows = { before: sumLabels(diff, "before"), after: sumLabels(diff, "after") };
  const by = (label: Pair): number => Math.abs(label.after / rows.after - label.before / rows.before);
  return (diff.labels?.values ?? []).filter((label) => isMoved(label, rows, least)).toSorted((a, b) => by(b) - by(a));
}

type Pair = { before: number; after: number };

/** By at least so much; and, where not every movement is wanted, by three standard errors of two random samples. */
function isMoved(part: Pair, whole: Pair, least: number): boolean {
  if (whole.before === 0 || whole.after === 0) return false;
  const by = Math.abs(part.after / whole.after - part.before / whole.before);
  const share = (part.before + part.after) / (whole.before + whole.after);
  const chance = 3 * Math.sqrt(share * (1 - share) * (1 / whole.before + 1 / whole.after));
  return by > 0 && by >= least && (least === 0 || by > chance);
}

/** Rows of all labels in one version. */
export const sumLabels = ({ labels }: DataDiff, side: "before" | "after"): number =>
  (labels?.values ?? []).reduce((sum, label) => sum + label[side], 0);

/** "5.2 %"; what is there is never 0.0 %. */
export function sayShare(part: number, whole = 0): string {
  if (whole === 0) return "—";
  const percent = (100 * part) / whole;
  if (part > 0 && percent < 0.05) return "< 0.1 %";
  return `${percent.toFixed(1)} %`;
}

/** "412 of 5,000 holdout rows are in the training data"; "" where no more are than chance brings. */
export function sayLeakage(leakage: Leakage | undefined): string {
  if (leakage === undefined || !leakage.leaks) return "";
  const { holdoutRows, byChance } = leakage;
  const byId = leakage.byId ?? 0;
  const byContent = exceedsChance(leakage) ? (leakage.byContent ?? 0) : 0;
  const rows = Math.max(byId, byContent);
  const chance = byChance >= 1 ? `, of which chance alone would bring about ${formatCount(byChance)}` : "";
  // one row may be found by both, and a sum of the two would be of no rows
  const same = byId > 0 && byContent > 0 ? ", which may be the same rows" : "";
  const ways = [
    ...(byId > 0 ? [`${formatCount(byId)} by their id`] : []),
    ...(byContent > 0 ? [`${formatCount(byContent)} with the same values, label aside${same}${chance}`] : []),
  ];
  return `**${formatCount(rows)} of ${formatUnits(holdoutRows, "holdout row")} ${rows === 1 ? "is" : "are"} in the training data** (${ways.join("; ")})`;
}
