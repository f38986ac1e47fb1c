import type { FailingRow } from "#core/expect/judge-expectation.ts";
import { texts, type Database } from "#data/open-duckdb.ts";
import { quoteName } from "#data/sql-text.ts";
import { findLines } from "#data/table/find-lines.ts";
import { fileColumn, rowColumn, type Table } from "#data/table/read-table.ts";
import { selectCounts, selectFailing, type RowsLook } from "./rows-apart.ts";

const shownRows = 5;
const firstRows = 100;
const shownValues = 5;

/** Rows that break an expectation, before anybody looked up their lines. */
export type Failing = {
  failing: number;
  rows: readonly { file: number; row: number; value: string }[];
  values: readonly { value: string; count: number }[];
};

/**
 * The first rows that break what is looked at and their most frequent values, and how many there are: known already for
 * single rows, counted for others.
 */
export async function fetchFailing(db: Database, look: RowsLook, known: number): Promise<Failing> {
  const select = selectFailing(look);
  if (look.form === "rows") {
    // rows come in the order of files and records, so that a scan ends with the last that is looked at
    const first = toRows(await db.query(`SELECT ${shown} FROM (${select}) LIMIT ${firstRows}`));
    const rows = first.slice(0, shownRows);
    if (!look.valued) return { failing: known, rows, values: [] };
    if (known <= first.length) return { failing: known, rows, values: countAll(first) };
    const worth = look.continuous !== true || mayRepeat(first);
    return { failing: known, rows, values: worth ? await countValues(db, selectCounts(look, shownValues)) : [] };
  }
  await db.query(`CREATE OR REPLACE TEMP TABLE "trainyard failing" AS ${select}`);
  const counted = await db.query(`SELECT count(*)::DOUBLE AS n FROM "trainyard failing"`);
  const failing = Number(counted.get("n")?.[0]);
  if (failing === 0) return { failing, rows: [], values: [] };
  const first = await db.query(`SELECT ${shown} FROM "trainyard failing" ORDER BY 1, 2 LIMIT ${shownRows}`);
  const values =
    look.form === "order"
      ? []
      : await countValues(db, `SELECT "trainyard value", count(*)::DOUBLE AS n FROM "trainyard failing" GROUP BY 1`);
  await db.query(`DROP TABLE "trainyard failing"`);
  return { failing, rows: toRows(first), values };
}

const shown = `${quoteName(fileColumn)}::DOUBLE AS file, ${quoteName(rowColumn)} AS "row", "trainyard value" AS value`;

function toRows(found: Found): Failing["rows"] {
  const values = texts(found.get("value"));
  return (found.get("row") ?? [])
    .map((row, index) => ({ file: Number(found.get("file")?.[index]), row: Number(row), value: values[index] ?? "" }))
    .sort((a, b) => a.file - b.file || a.row - b.row);
}

async function countValues(db: Database, counts: string): Promise<Failing["values"]> {
  const found: Found = await db.query(
    `SELECT "trainyard value" AS value, n FROM (${counts}) ORDER BY n DESC, value LIMIT ${shownValues}`,
  );
  const numbers = found.get("n") ?? [];
  return texts(found.get("value")).map((value, index) => ({ value, count: Number(numbers[index]) }));
}

/** Of rows that are all at hand. */
function countAll(rows: Failing["rows"]): Failing["values"] {
  const counts = new Map<string, number>();
  for (const { value } of rows) counts.set(value, (counts.get(value) ?? 0) + 1);
  const found = [...counts].map(([value, count]) => ({ value, count }));
  return found.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, shownValues);
}

/** Where nearly all of the first failing values differ, none is frequent, and counting all would tell nothing. */
const mayRepeat = (first: Failing["rows"]): boolean =>
  new Set(first.map(({ value }) => value)).size < 0.9 * first.length;

type Found = ReadonlyMap<string, readonly unknown[]>;

/** Gives rows the names of their files and, in files of text, their lines; each file is read once for all of them. */
export async function placeRows(
  table: Table,
  found: readonly Failing[],
): Promise<(row: Failing["rows"][number]) => FailingRow> {
  const lines = new Map<number, ReadonlyMap<number, number>>();
  const places = found.flatMap(({ rows }) => rows);
  for (const [index, file] of table.files.entries()) {
    const wanted = places.filter((place) => place.file === index).map(({ row }) => row);
    // oxlint-disable-next-line no-await-in-loop -- one file at a time
    if (wanted.length > 0) lines.set(index, await findLines(file, wanted, table.delimiters?.[index]));
  }
  return ({ file, row, value }) => {
    const line = lines.get(file)?.get(row);
    const shown = (table.files[file]?.shown ?? "").slice(0, 1_000);
    return { file: shown, row, ...(line === undefined ? {} : { line }), value };
  };
}
