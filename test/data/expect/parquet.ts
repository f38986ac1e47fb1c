import { join } from "node:path";
import type { DataFile } from "#data/data-file.ts";
import { openDuckDb } from "#data/open-duckdb.ts";
import { quoteText } from "#data/sql-text.ts";

/** Writes what a query answers as a Parquet file into a test's folder; `options` of COPY, such as ROW_GROUP_SIZE 2048. */
export async function writeParquet(
  folder: { path: string },
  name: string,
  sql: string,
  options = "",
): Promise<DataFile> {
  const path = join(folder.path, name);
  const db = await openDuckDb({ reads: [], writes: [path] });
  await db.query(
    `COPY (${sql}) TO ${quoteText(path)} (FORMAT parquet, USE_TMP_FILE false${options === "" ? "" : `, ${options}`})`,
  );
  await db.close();
  return { path, shown: `data/${name}` };
}
