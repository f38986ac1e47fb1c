import { markdownTable } from "markdown-table";
import type { DataDiff, OnlyValues } from "#core/diff/data-diff.ts";
import { escapeCell, escapeProse } from "#core/message/escape.ts";
import { formatCount, formatSize, formatUnits } from "#core/message/format.ts";
import { bullets } from "./details.ts";
import { movedLabels, movedNulls, sayShare, sumLabels } from "./say-diff.ts";

/** `most`: rows of a table, names of a list; `least`: from which difference of shares on a column is shown. */
export type DetailOptions = { most: number; least: number };

/** What changed in the data, at length: "" where a line says it all. */
export function renderDiffDetails(diff: DataDiff, options: DetailOptions): string {
  const parts = [
    renderNotes(diff),
    renderColumns(diff, options),
    renderCells(diff, options),
    renderCategories(diff, options),
    renderNulls(diff, options),
    renderLabels(diff, options),
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : [...parts, renderExtent(diff)].filter((part) => part !== "").join("\n\n");
}

/** "1,000,000 → 1,000,137 rows, 83 MB → 89 MB", repeated rows, and which rows came and went. */
export function renderExtent(diff: DataDiff): string {
  const { rows, bytes, duplicates, examples, key = [], rowsChanged } = diff;
  const said: string[] = [];
  if (rows !== undefined && bytes !== undefined)
    said.push(
      `${formatCount(rows.before)} → ${formatUnits(rows.after, "row")}, ${formatSize(bytes.before)} → ${formatSize(bytes.after)}` +
        (key.length > 0
          ? `; a row is named by ${list(key)}`
          : rowsChanged === null && isCompared(diff)
            ? "; rows are compared as a whole"
            : ""),
    );
  if (duplicates !== undefined && duplicates.before + duplicates.after > 0)
    said.push(
      `Rows that repeat another one, in files that changed: ${formatCount(duplicates.before)} before, ${formatCount(duplicates.after)} now`,
    );
  for (const [what, some] of [
    ["Added", examples?.added ?? []],
    ["Removed", examples?.removed ?? []],
  ] as const)
    if (some.length > 0) said.push(`${what}, for example: ${list(some)}`);
  return bullets(said);
}

/** Where files only came, or only went, no row was compared with another. */
const isCompared = ({ filesAdded, filesRemoved, filesChanged }: DataDiff): boolean =>
  filesChanged > 0 || (filesAdded > 0 && filesRemoved > 0);

const renderNotes = ({ notes = [] }: DataDiff): string => bullets(notes.map((note) => `⚠️ ${escapeProse(note)}`));

function renderColumns({ columns }: DataDiff, { most }: DetailOptions): string {
  if (columns === undefined) return "";
  const { added, removed, retyped, renamed, reordered } = columns;
  const [come, gone] = [new Set(renamed.map(({ after }) => after)), new Set(renamed.map(({ before }) => before))];
  const named = (some: readonly { column: string; type: string }[], without: ReadonlySet<string>): string =>
    limit(
      some
        .filter(({ column }) => !without.has(column))
        .map(({ column, type }) => `${escapeCell(column, 60)} (${escapeProse(type, 60)})`),
      most,
    );
  const [plus, minus] = [named(added, come), named(removed, gone)];
  return bullets([
    ...renamed.map(
      ({ before, after }) =>
        `Perhaps renamed: ${escapeCell(before, 60)} → ${escapeCell(after, 60)}, with the same content`,
    ),
    ...(plus === "" ? [] : [`Columns added: ${plus}`]),
    ...(minus === "" ? [] : [`Columns removed: ${minus}`]),
    ...retyped.map(
      ({ column, before, after }) =>
        `${escapeCell(column, 60)} was ${escapeProse(before, 60)} and is ${escapeProse(after, 60)} now`,
    ),
    ...(reordered ? ["The columns stand in another order"] : []),
  ]);
}

function renderCells({ cells = [], rowsChanged }: DataDiff, { most }: DetailOptions): string {
  if (cells.length === 0) return "";
  const value = (text: string | null): string => (text === null ? "(empty)" : escapeCell(text, 40));
  const rows = cells.map(({ column, changed, examples }) => [
    escapeCell(column, 60),
    formatCount(changed),
    examples
      .slice(0, 2)
      .map(({ key, before, after }) => `${escapeCell(key, 40)}: ${value(before)} → ${value(after)}`)
      .join("; "),
  ]);
  return table(
    [`cells that changed in ${formatUnits(rowsChanged ?? 0, "row")}`, "cells", "for example"],
    rows,
    ["l", "r", "l"],
    most,
  );
}

function renderCategories({ categories = [], rows }: DataDiff, { most }: DetailOptions): string {
  const say = ({ values, rows: count, examples }: OnlyValues, whole: number | undefined): string =>
    values === 0
      ? "—"
      : `${formatCount(values)} in ${sayShare(count, whole)} of rows${examples.length === 0 ? "" : ": "}${examples.map(({ value, rows: own }) => `${escapeCell(value, 40)} (${formatCount(own)})`).join(", ")}${values > examples.length && examples.length > 0 ? " …" : ""}`;
  const cells = categories.map((found) => [
    escapeCell(found.column, 60),
    say(found.new, rows?.after),
    say(found.missing, rows?.before),
  ]);
  return table(["categories", "new", "gone"], cells, ["l", "l", "l"], most);
}

function renderNulls(diff: DataDiff, { most, least }: DetailOptions): string {
  const cells = movedNulls(diff, least).map(({ column, before, after }) => [
    escapeCell(column, 60),
    `${formatCount(before)} (${sayShare(before, diff.rows?.before)})`,
    `${formatCount(after)} (${sayShare(after, diff.rows?.after)})`,
  ]);
  return table(["empty values", "before", "now"], cells, ["l", "r", "r"], most);
}

function renderLabels(diff: DataDiff, { most, least }: DetailOptions): string {
  if (diff.labels === undefined || movedLabels(diff, least).length === 0) return "";
  const [old, now] = [sumLabels(diff, "before"), sumLabels(diff, "after")];
  const cells = diff.labels.values.map(({ value, before, after }) => [
    value === null ? "(empty)" : escapeCell(value, 40),
    `${formatCount(before)} (${sayShare(before, old)})`,
    `${formatCount(after)} (${sayShare(after, now)})`,
  ]);
  return table([`label ${escapeCell(diff.labels.column, 60)}`, "before", "now"], cells, ["l", "r", "r"], most);
}

function table(header: readonly string[], rows: readonly (readonly string[])[], align: string[], most: number): string {
  if (rows.length === 0) return "";
  const more = rows.length > most ? `\n\nand ${formatCount(rows.length - most)} more` : "";
  return `${markdownTable([[...header], ...rows.slice(0, most).map((row) => [...row])], { align })}${more}`;
}

const list = (names: readonly string[]): string => names.map((name) => escapeCell(name, 60)).join(", ");

const limit = (said: readonly string[], most: number): string =>
  `${said.slice(0, most).join(", ")}${said.length > most ? ` and ${formatCount(said.length - most)} more` : ""}`;
