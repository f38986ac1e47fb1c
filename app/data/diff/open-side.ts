import type { DataFile } from "#data/data-file.ts";
import type { Database } from "#data/open-duckdb.ts";
import { quoteName } from "#data/sql-text.ts";
import { checkRecords, guarded, openSource } from "#data/table/open-source.ts";
import { describe, rowColumn, rowNumber, type ColumnType } from "#data/table/read-table.ts";

/** A file that the database can scan; `from` is SQL whose rows have their number from 0 in `rowColumn`. */
export type Relation = {
  file: DataFile;
  from: string;
  rows: number;
  /** its values are text that may mean anything: of CSV and ndjson */
  text: boolean;
  /** it is scanned where it lies */
  inPlace: boolean;
};

/** Some files as one table, columns united by name. `rowColumn` counts their rows from 0, file after file. */
export type Side = {
  name: string;
  /** its name as SQL says it */
  view: string;
  columns: readonly ColumnType[];
  rows: number;
  relations: readonly Relation[];
  text: boolean;
};

const parquetRow = "file_row_number";

/** Opens one file: Parquet where it lies, text as a table of text. Throws a DataError that names the file. */
export async function openRelation(db: Database, file: DataFile, index: number): Promise<Relation> {
  const source = await openSource(db, file);
  const row = quoteName(rowColumn);
  return await guarded([file], async () => {
    if (!source.text) {
      const described = await db.query(`SELECT column_name FROM (DESCRIBE SELECT * FROM ${source.from})`);
      const names = (described.get("column_name") ?? []).map((name) => String(name).toLowerCase());
      if (!names.includes(parquetRow)) {
        const numbered = source.from.replace(/\)$/, `, ${parquetRow}=true)`);
        const from = `(SELECT * EXCLUDE (${parquetRow}), ${parquetRow} AS ${row} FROM ${numbered})`;
        return { file, from, rows: await count(db, source.from), text: false, inPlace: true };
      }
    }
    const table = quoteName(`trainyard file ${index}`);
    const made = await db.query(`CREATE TABLE ${table} AS SELECT * FROM ${source.from}`);
    const rows = Number(made.get("Count")?.[0]);
    checkRecords(source, rows);
    const number = await rowNumber(db, `trainyard file ${index}`);
    return { file, from: `(SELECT *, ${number} AS ${row} FROM ${table})`, rows, text: source.text, inPlace: false };
  });
}

/** Makes one table of some files; of no file an empty one with no columns. */
export async function openSide(db: Database, relations: readonly Relation[], name: string): Promise<Side> {
  const view = quoteName(name);
  const row = quoteName(rowColumn);
  let rows = 0;
  const parts = relations.map((relation) => {
    const part = `SELECT * REPLACE (${row} + ${rows} AS ${row}) FROM ${relation.from}`;
    rows += relation.rows;
    return part;
  });
  const united = parts.length === 0 ? `SELECT 0::BIGINT AS ${row} WHERE false` : parts.join(" UNION ALL BY NAME ");
  await guarded(
    relations.map(({ file }) => file),
    () => db.query(`CREATE VIEW ${view} AS ${united}`),
  );
  const columns = await describe(db, name);
  return { name, view, columns, rows, relations, text: relations.some(({ text }) => text) };
}

/** "data/a.csv: row 5", as people count: from 1, below the header. */
export function sayRow(side: Side, row: number): string {
  let start = 0;
  for (const { file, rows } of side.relations) {
    if (row < start + rows) return `${file.shown}: row ${row - start + 1}`;
    start += rows;
  }
  throw new RangeError(`Cannot find row ${row}: there are ${side.rows}`);
}

async function count(db: Database, from: string): Promise<number> {
  return Number((await db.query(`SELECT count(*)::DOUBLE AS n FROM ${from}`)).get("n")?.[0]);
}
