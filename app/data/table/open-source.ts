import { formatCount } from "#core/message/format.ts";
import { DataError } from "#data/data-error.ts";
import { requireFormat, type DataFile } from "#data/data-file.ts";
import type { Database } from "#data/open-duckdb.ts";
import { quoteName, quoteText } from "#data/sql-text.ts";
import { explainEngine } from "./explain-engine.ts";
import { refuseRepeated } from "./refuse-repeated.ts";
import { countLines, scanCsv } from "./scan-csv.ts";

/**
 * One file as the database reads it: SQL for FROM, text formats as text; `records` is our own count, if there is one;
 * `delimiter` of a CSV.
 */
export type Source = {
  file: DataFile;
  from: string;
  text: boolean;
  records: number | undefined;
  delimiter?: string;
};

/** A folder named `day=2025` is a name too: left alone, the engine takes it for a column, in place of the file's own. */
export const plainPath = "hive_partitioning=false";

/**
 * Decides how a file is read, without any guess of the engine: delimiter, header and columns of a CSV are stated, every
 * value is text. `json`: the values of ndjson stay JSON. Throws a DataError.
 */
export async function openSource(db: Database, file: DataFile, json = false): Promise<Source> {
  const format = requireFormat(file.shown);
  const path = quoteText(db.readable(file.path));
  const compression = `compression=${format.gzip ? "'gzip'" : format.kind === "csv" ? "'none'" : "'uncompressed'"}`;
  if (format.kind === "parquet") {
    const from = `read_parquet([${path}], ${plainPath})`;
    await guarded([file], async () => {
      const found = await db.query(`SELECT column_name FROM (DESCRIBE FROM ${from})`);
      await refuseRepeated(db, file, (found.get("column_name") ?? []).map(String));
    });
    return { file, from, text: false, records: undefined };
  }
  if (format.kind === "csv") {
    const shape = await scanCsv(file, format.gzip);
    const columns = shape.columns.map((column) => `${quoteText(column)}: 'VARCHAR'`).join(", ");
    const options = `auto_detect=false, header=true, delim=${quoteText(shape.delimiter)}, quote='"', escape='"', nullstr='', ${compression}`;
    // the strict reader refuses mixed line ends; the count of records still guards the lenient one
    const from = `read_csv([${path}], ${options}, strict_mode=${!shape.mixedLineEnds}, columns={${columns}}, ${plainPath})`;
    return { file, from, text: true, records: shape.records, delimiter: shape.delimiter };
  }
  const records = await countLines(file, format.gzip);
  const keys = await guarded([file], () =>
    db.query(
      `SELECT key FROM (SELECT unnest(json_keys(json)) AS key, row_number() OVER () AS "position" FROM read_ndjson_objects([${path}], ${compression})) GROUP BY key ORDER BY min("position"), key`,
    ),
  );
  const names = (keys.get("key") ?? []).map(String);
  if (names.length === 0)
    throw new DataError("unreadable", `Cannot read "${file.shown}": it holds no JSON object with a key`);
  const columns = names.map((column) => `${quoteText(column)}: 'JSON'`).join(", ");
  const read = `read_ndjson([${path}], auto_detect=false, records=true, ${compression}, columns={${columns}}, ${plainPath})`;
  const values = names.map((column) => `${quoteName(column)} ->> '$' AS ${quoteName(column)}`).join(", ");
  return {
    file,
    from: json ? read : `(SELECT ${values} FROM ${read})`,
    text: true,
    records,
  };
}

/** Throws a DataError unless the engine found as many records as we did. */
export function checkRecords({ file, records }: Source, rows: number): void {
  if (records === undefined || records === rows) return;
  throw new DataError(
    "unreadable",
    `Cannot read "${file.shown}": it holds ${formatCount(records)} records, and ${formatCount(rows)} could be read; check its quotes and line ends`,
  );
}

/** Turns what the engine says about a file into one sentence that names the file. */
export async function guarded<T>(files: readonly DataFile[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DataError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const reason = explainEngine(message);
    const named = files.filter(({ path }) => message.includes(`"${path}"`));
    const shown = (named.length > 0 ? named : files)
      .map((file) => `"${file.shown}"`)
      .slice(0, 3)
      .join(", ");
    throw new DataError("unreadable", `Cannot read ${shown}: ${reason}`, { cause: error });
  }
}
