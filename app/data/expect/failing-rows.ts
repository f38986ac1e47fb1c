import type { FailingRow } from "#core/expect/judge-expectation.ts";
import { texts, type Database } from "#data/open-duckdb.ts";
import { quoteName } from "#data/sql-text.ts";
import { findLines } from "#data/table/find-lines.ts";
import { fileColumn, rowColumn, type Table } from "#data/table/read-table.ts";

const shownRows = 5;
const shownValues = 5;

/** Rows that break an expectation, before anybody looked up their lines. */
export type Failing = {
  failing: number;
  rows: readonly { file: number; row: number; value: string }[];
  values: readonly { value: string; count: number }[];
};

/** Counts the rows of a SELECT of `selectFailing`, with the first of them and their most frequent values. */
export async function fetchFailing(db: Database, select: string): Promise<Failing> {
  await db.query(`CREATE OR REPLACE TEMP TABLE "trainyard failing" AS ${select}`);
  const first = await db.query(
    `SELECT ${quoteName(fileColumn)}::DOUBLE AS file, ${quoteName(rowColumn)} AS "row", "trainyard value" AS value, (SELECT count(*) FROM "trainyard failing")::DOUBLE AS n FROM "trainyard failing" ORDER BY 1, 2 LIMIT ${shownRows}`,
  );
  const values = texts(first.get("value"));
  const most = await db.query(
    `SELECT "trainyard value" AS value, count(*)::DOUBLE AS n FROM "trainyard failing" GROUP BY 1 ORDER BY n DESC, value LIMIT ${shownValues}`,
  );
  const counts = most.get("n") ?? [];
  await db.query(`DROP TABLE "trainyard failing"`);
  return {
    failing: Number(first.get("n")?.[0] ?? 0),
    rows: (first.get("row") ?? []).map((row, index) => ({
      file: Number(first.get("file")?.[index]),
      row: Number(row),
      value: values[index] ?? "",
    })),
    values: texts(most.get("value")).map((value, index) => ({ value, count: Number(counts[index]) })),
  };
}

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
