import type { Database } from "#data/open-duckdb.ts";
import { DataError } from "#data/data-error.ts";
import { requireFormat, type DataFile, type DataFormat } from "#data/data-file.ts";
import { decideTypes } from "./decide-types.ts";
import { countLines, scanCsv } from "./scan-csv.ts";
import { quoteName, quoteText } from "#data/sql-text.ts";

export type ColumnType = { name: string; type: string };

/**
 * A table in the database. Beside its own columns it has `fileColumn` (index into `files`) and `rowColumn` (record of
 * that file, from 1).
 */
export type Table = { name: string; columns: readonly ColumnType[]; rows: number; files: readonly DataFile[] };

/** `typed`: columns of text get the type of all their values; `json`: JSON values stay as they were written. */
export type ReadOptions = { typed: boolean; json?: boolean };

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
  const raw: string[] = [];
  let text = true;
  for (const [index, file] of files.entries()) {
    const format = requireFormat(file.shown);
    if (format.kind === "parquet") text = false;
    raw.push(await readRaw(db, file, format, `${name} raw ${index}`, options.json === true));
  }
  const parts = raw.map(
    (part, index) =>
      `SELECT ${index}::INTEGER AS ${quoteName(fileColumn)}, (rowid + 1)::DOUBLE AS ${quoteName(rowColumn)}, * FROM ${quoteName(part)}`,
  );
  const untyped = options.typed && text ? `${name} text` : name;
  await guarded(files, () => db.query(`CREATE TABLE ${quoteName(untyped)} AS ${parts.join(" UNION ALL BY NAME ")}`));
  for (const part of raw) await db.query(`DROP TABLE ${quoteName(part)}`);
  if (untyped !== name) {
    const types = await decideTypes(
      db,
      untyped,
      (await describe(db, untyped)).map((column) => column.name),
    );
    const casts = [...types].map(([column, type]) => `CAST(${quoteName(column)} AS ${type}) AS ${quoteName(column)}`);
    await db.query(
      `CREATE TABLE ${quoteName(name)} AS SELECT ${[quoteName(fileColumn), quoteName(rowColumn), ...casts].join(", ")} FROM ${quoteName(untyped)}`,
    );
    await db.query(`DROP TABLE ${quoteName(untyped)}`);
  }
  const rows = await countRows(db, name);
  return { name, columns: await describe(db, name), rows, files };
}

/** Throws a DataError that names the columns there are, unless all of these are among them. */
export function requireColumns(table: Table, columns: readonly string[], place: string): void {
  const names = table.columns.map(({ name }) => name);
  const missing = columns.find((column) => !names.includes(column));
  if (missing === undefined) return;
  const there = names
    .map((name) => `"${name.slice(0, 60)}"`)
    .slice(0, 10)
    .join(", ");
  throw new DataError(
    "missing-column",
    `Column "${missing}" of "${place}" is not in "${table.files[0]?.shown}": there are ${there}`,
  );
}

async function countRows(db: Database, table: string): Promise<number> {
  const counted = await db.query(`SELECT count(*)::DOUBLE AS n FROM ${quoteName(table)}`);
  return Number(counted.get("n")?.[0] ?? NaN);
}

/** The table's own columns, with DuckDB's name of their type. */
async function describe(db: Database, table: string): Promise<ColumnType[]> {
  const found = await db.query(`SELECT column_name, column_type FROM (DESCRIBE ${quoteName(table)})`);
  const types = found.get("column_type") ?? [];
  return (found.get("column_name") ?? [])
    .map((name, index) => ({ name: String(name), type: String(types[index]) }))
    .filter(({ name }) => name !== fileColumn && name !== rowColumn);
}

/** One file as a table of its own, text formats as text. The count of records is checked against our own. */
async function readRaw(db: Database, file: DataFile, format: DataFormat, name: string, json: boolean): Promise<string> {
  const source = await scanSource(db, file, format, json);
  await guarded([file], () =>
    db.query(`CREATE TABLE ${quoteName(name)} AS SELECT ${source.select} FROM ${source.from}`),
  );
  const rows = await countRows(db, name);
  if (source.records !== undefined && rows !== source.records) {
    throw new DataError(
      "unreadable",
      `Cannot read "${file.shown}": it holds ${source.records} records, and ${rows} could be read; check its quotes and line ends`,
    );
  }
  return name;
}

type Source = { select: string; from: string; records: number | undefined };

async function scanSource(db: Database, file: DataFile, format: DataFormat, json: boolean): Promise<Source> {
  const path = quoteText(db.readable(file.path));
  const compression = `compression=${format.gzip ? "'gzip'" : "'none'"}`;
  if (format.kind === "parquet") return { select: "*", from: `read_parquet([${path}])`, records: undefined };
  if (format.kind === "csv") {
    const shape = await scanCsv(file, format.gzip);
    const columns = shape.columns.map((column) => `${quoteText(column)}: 'VARCHAR'`).join(", ");
    const options = `auto_detect=false, header=true, delim=${quoteText(shape.delimiter)}, quote='"', escape='"', nullstr='', ${compression}`;
    // the strict reader refuses mixed line ends; the count of records still guards the lenient one
    const from = `read_csv([${path}], ${options}, strict_mode=${!shape.mixedLineEnds}, columns={${columns}})`;
    return { select: "*", from, records: shape.records };
  }
  const keys = await guarded([file], () =>
    db.query(
      `SELECT key FROM (SELECT unnest(json_keys(json)) AS key, row_number() OVER () AS at FROM read_ndjson_objects([${path}], ${compression})) GROUP BY key ORDER BY min(at), key`,
    ),
  );
  const names = (keys.get("key") ?? []).map(String);
  if (names.length === 0)
    throw new DataError("unreadable", `Cannot read "${file.shown}": it holds no JSON object with a key`);
  const columns = names.map((column) => `${quoteText(column)}: 'JSON'`).join(", ");
  return {
    select: json ? "*" : names.map((column) => `${quoteName(column)} ->> '$' AS ${quoteName(column)}`).join(", "),
    from: `read_ndjson([${path}], auto_detect=false, ${compression}, columns={${columns}})`,
    records: await countLines(file, format.gzip),
  };
}

/** Turns what the engine says about a file into one sentence that names the file. */
async function guarded<T>(files: readonly DataFile[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DataError) throw error;
    const reason = (error instanceof Error ? error.message : String(error)).split("\n").slice(0, 3).join("; ");
    const shown = files
      .map((file) => `"${file.shown}"`)
      .slice(0, 3)
      .join(", ");
    throw new DataError("unreadable", `Cannot read ${shown}: ${reason.slice(0, 500)}`, { cause: error });
  }
}
