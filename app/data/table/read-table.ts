import { suggest } from "#core/config/shape/suggest.ts";
import { formatCount } from "#core/message/format.ts";
import { DataError } from "#data/data-error.ts";
import type { DataFile } from "#data/data-file.ts";
import type { Database } from "#data/open-duckdb.ts";
import { quoteName } from "#data/sql-text.ts";
import { decideTypes } from "./decide-types.ts";
import { checkRecords, guarded, openSource, type Source } from "./open-source.ts";

export type ColumnType = { name: string; type: string };

/**
 * A table in the database. Beside its own columns it has `fileColumn` (index into `files`) and `rowColumn` (record of
 * that file, from 1). `rowsOfFile`: records of each file.
 */
export type Table = {
  name: string;
  columns: readonly ColumnType[];
  rows: number;
  files: readonly DataFile[];
  rowsOfFile: readonly number[];
  /** every file is of a text format: types are what all values of a column have, and a column of other text is text */
  text?: boolean;
  /** of each file that is a CSV */
  delimiters?: readonly (string | undefined)[];
};

/**
 * `typed`: which columns of text get the one type of all their values; `json`: JSON values stay as written; `inPlace`:
 * Parquet is not copied but scanned where it lies, each time anew; `once`: the table is read about once, so that text is
 * given its types as it is read and no second copy of it is kept.
 */
export type ReadOptions = { typed: "all" | readonly string[]; json?: boolean; inPlace?: boolean; once?: boolean };

const mostListed = 10;

export const fileColumn = "trainyard file";
export const rowColumn = "trainyard row";

/**
 * Reads files of one table, in order, columns united by name. Text formats are read as text without any guess, then
 * each column gets the one type that all its values have; Parquet brings its own. Throws a DataError.
 */
export async function readTable(
  db: Database,
  files: readonly DataFile[],
  name: string,
  options: ReadOptions,
): Promise<Table> {
  if (files.length === 0) throw new RangeError(`Cannot read the table "${name}" from no files`);
  const parts: string[] = [];
  const rowsOfFile: number[] = [];
  const delimiters: (string | undefined)[] = [];
  let text = true;
  for (const [index, file] of files.entries()) {
    const source = await openSource(db, file, options.json);
    delimiters.push(source.delimiter);
    const placed = options.inPlace === true && !source.text ? await placeRows(db, source) : undefined;
    if (placed !== undefined) {
      rowsOfFile.push(placed.rows);
      text = false;
      parts.push(`SELECT ${index}::INTEGER AS ${quoteName(fileColumn)}, ${placed.select}`);
      continue;
    }
    const part = quoteName(`${name} raw ${index}`);
    const made = await guarded([file], () => db.query(`CREATE TABLE ${part} AS SELECT * FROM ${source.from}`));
    const found = Number(made.get("Count")?.[0]);
    checkRecords(source, found);
    rowsOfFile.push(found);
    text &&= source.text;
    const place = `${index}::INTEGER AS ${quoteName(fileColumn)}, (${await rowNumber(db, `${name} raw ${index}`)} + 1)::DOUBLE AS ${quoteName(rowColumn)}`;
    parts.push(`SELECT ${place}, * FROM ${part}`);
  }
  const united = parts.join(" UNION ALL BY NAME ");
  const wanted = text && options.typed.length > 0;
  await guarded(files, () => db.query(`CREATE VIEW ${quoteName(wanted ? `${name} text` : name)} AS ${united}`));
  if (wanted) await castColumns(db, name, options);
  return {
    name,
    columns: await describe(db, name),
    rows: rowsOfFile.reduce((sum, rows) => sum + rows, 0),
    files,
    rowsOfFile,
    text,
    delimiters,
  };
}

/** Forgets a table of text formats and all that it was made from. */
export async function dropTable(db: Database, { name, files }: Table, { once = false }: ReadOptions): Promise<void> {
  await db.query(`DROP ${once ? "VIEW" : "TABLE"} ${quoteName(name)}`);
  await db.query(`DROP VIEW ${quoteName(`${name} text`)}`);
  for (const index of files.keys()) await db.query(`DROP TABLE ${quoteName(`${name} raw ${index}`)}`);
}

/** Reads a Parquet file where it lies. Undefined where one of its columns has the name under which rows are numbered. */
async function placeRows(db: Database, { file, from }: Source): Promise<{ rows: number; select: string } | undefined> {
  return await guarded([file], async () => {
    const columns = await db.query(`SELECT lower(column_name) AS name FROM (DESCRIBE SELECT * FROM ${from})`);
    if ((columns.get("name") ?? []).includes("file_row_number")) return undefined;
    const counted = await db.query(`SELECT count(*)::DOUBLE AS n FROM ${from}`);
    const select = `(file_row_number + 1)::DOUBLE AS ${quoteName(rowColumn)}, * EXCLUDE (file_row_number) FROM ${from.replace(/\)$/, ", file_row_number=true)")}`;
    return { rows: Number(counted.get("n")?.[0]), select };
  });
}

/**
 * SQL for the number of a row in a table that was made of a file, from 0. The engine's own name for it, unless the file
 * has a column of that name, which would be read in its place.
 */
export async function rowNumber(db: Database, table: string): Promise<string> {
  const columns = await describe(db, table);
  return columns.some(({ name }) => name.toLowerCase() === "rowid") ? "(row_number() OVER () - 1)" : "rowid";
}

/** Makes the table from its view of text, with the types that the values of the wanted columns have. */
async function castColumns(db: Database, name: string, { typed, once = false }: ReadOptions): Promise<void> {
  const columns = (await describe(db, `${name} text`)).map((column) => column.name);
  const types = await decideTypes(
    db,
    `${name} text`,
    typed === "all" ? columns : columns.filter((column) => typed.includes(column)),
  );
  const casts = columns.map(
    (column) => `CAST(${quoteName(column)} AS ${types.get(column) ?? "VARCHAR"}) AS ${quoteName(column)}`,
  );
  const select = [quoteName(fileColumn), quoteName(rowColumn), ...casts].join(", ");
  await db.query(
    `CREATE ${once ? "VIEW" : "TABLE"} ${quoteName(name)} AS SELECT ${select} FROM ${quoteName(`${name} text`)}`,
  );
}

/** The table's own columns, with DuckDB's name of their type. */
export async function describe(db: Database, table: string): Promise<ColumnType[]> {
  const found = await db.query(`SELECT column_name, column_type FROM (DESCRIBE ${quoteName(table)})`);
  const types = found.get("column_type") ?? [];
  return (found.get("column_name") ?? [])
    .map((name, index) => ({ name: String(name), type: String(types[index]) }))
    .filter(({ name }) => name !== fileColumn && name !== rowColumn);
}

/** Throws a DataError that names the columns there are, unless all of these are among them: [key of the config, column]. */
export function requireColumns(
  table: Pick<Table, "columns" | "files">,
  columns: readonly (readonly [key: string, column: string | undefined])[],
): void {
  const names = table.columns.map(({ name }) => name);
  const [key, missing] = columns.find(([, column]) => column !== undefined && !names.includes(column)) ?? [];
  if (missing === undefined) return;
  const where = `Column "${missing}" of "${key}" is not in "${table.files[0]?.shown}"`;
  throw new DataError("missing-column", `${where}: ${sayColumns(missing, names)}`);
}

/** What there is instead of a column that is not: the likely one first, where it is only misspelt. */
export function sayColumns(missing: string, names: readonly string[]): string {
  const close = suggest(missing, names);
  const there = names.map((name) => `"${name.slice(0, 60)}"`).slice(0, mostListed);
  const more = names.length > mostListed ? ` and ${formatCount(names.length - mostListed)} more` : "";
  return `there are ${there.join(", ")}${more}${close === undefined ? "" : `; did you mean "${close.slice(0, 60)}"?`}`;
}
