import { join } from "node:path";
import type { EvaluateConfig } from "#core/config/config.ts";
import { DataError } from "./data-error.ts";
import { requireFormat, type DataFile, type DataFormat } from "./data-file.ts";
import { openDuckDb } from "./open-duckdb.ts";
import { rowNumberColumn } from "#data/scoring/read-holdout.ts";
import { fileColumn, readTable, requireColumns, rowColumn, type Table } from "#data/table/read-table.ts";
import { quoteName, quoteText } from "./sql-text.ts";

const endings: Record<DataFormat["kind"], string> = { csv: ".csv", ndjson: ".ndjson", parquet: ".parquet" };

/**
 * Writes ROWS, what a predict command may see of the holdout, into the existing folder `out`, as one file in the format
 * of the first holdout file. Binary: every row without its label, values as they were written, with a column `row` (from
 * 1 over all files in the order given) where the config names no id. Ranking: the distinct queries, sorted. Returns the
 * file's path and how many rows it has. Throws a DataError.
 */
export async function writeRows(job: {
  evaluate: EvaluateConfig;
  holdoutFiles: readonly DataFile[];
  out: string;
}): Promise<{ path: string; rows: number }> {
  const { evaluate, holdoutFiles } = job;
  const [first] = holdoutFiles;
  if (first === undefined)
    throw new DataError("unreadable", 'The holdout is empty: no file matches "evaluate: holdout"');
  const format = requireFormat(first.shown);
  const path = join(job.out, `rows${endings[format.kind]}${format.gzip ? ".gz" : ""}`);
  const db = await openDuckDb({ reads: holdoutFiles.map((file) => file.path), writes: [path] });
  try {
    const table = await readTable(db, holdoutFiles, "holdout", { typed: [], json: format.kind === "ndjson" });
    requireColumns(table, [
      ["evaluate: label", evaluate.label],
      ["evaluate: id", evaluate.id],
    ]);
    const select = evaluate.task === "ranking" ? selectQueries(evaluate.id) : selectRows(evaluate, table);
    await db.query(`CREATE TABLE asked AS ${select}`);
    await db.query(`COPY asked TO ${quoteText(path)} (${writeOptions(format)})`);
    const counted = await db.query("SELECT count(*)::DOUBLE AS n FROM asked");
    return { path, rows: Number(counted.get("n")?.[0]) };
  } finally {
    await db.close();
  }
}

function selectQueries(id: string | undefined): string {
  if (id === undefined)
    throw new DataError("missing-column", 'A ranking needs "evaluate: id", the column of the query');
  const query = quoteName(id);
  return `SELECT DISTINCT ${query} FROM holdout ORDER BY try_cast(${query}::VARCHAR AS DOUBLE) NULLS LAST, ${query}::VARCHAR`;
}

function selectRows(evaluate: EvaluateConfig, table: Table): string {
  const kept = table.columns.map(({ name }) => name).filter((name) => name !== evaluate.label);
  const order = `ORDER BY ${quoteName(fileColumn)}, ${quoteName(rowColumn)}`;
  if (evaluate.id !== undefined) return `SELECT ${kept.map(quoteName).join(", ")} FROM holdout ${order}`;
  if (kept.some((name) => name.toLowerCase() === rowNumberColumn)) {
    throw new DataError(
      "bad-value",
      `The holdout has a column "${rowNumberColumn}" of its own: name it as "evaluate: id"`,
    );
  }
  const number = `(row_number() OVER (${order}))::BIGINT AS ${quoteName(rowNumberColumn)}`;
  return `SELECT ${[number, ...kept.map(quoteName)].join(", ")} FROM holdout ${order}`;
}

function writeOptions(format: DataFormat): string {
  if (format.kind === "parquet") return "FORMAT parquet, USE_TMP_FILE false";
  const compression = format.gzip ? ", COMPRESSION gzip" : "";
  return format.kind === "csv"
    ? `FORMAT csv, HEADER true, USE_TMP_FILE false${compression}`
    : `FORMAT json, USE_TMP_FILE false${compression}`;
}
