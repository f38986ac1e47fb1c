import { DataError } from "#data/data-error.ts";
import type { DataFile } from "#data/data-file.ts";
import type { Database } from "#data/open-duckdb.ts";
import { quoteText } from "#data/sql-text.ts";

/**
 * Throws a DataError for a Parquet file with two columns of one name, or of names that differ by capitals only: the
 * engine would give one of them a name that nobody wrote.
 */
export async function refuseRepeated(db: Database, file: DataFile, columns: readonly string[]): Promise<void> {
  const found = await db.query(
    `SELECT name FROM parquet_schema([${quoteText(db.readable(file.path))}]) WHERE type IS NOT NULL OR num_children IS NOT NULL`,
  );
  const written = new Set((found.get("name") ?? []).map(String));
  const twice = columns
    .filter((name) => !written.has(name))
    .map((name) => name.replace(/_\d+$/, ""))
    .find((name) => written.has(name));
  if (twice === undefined) return;
  throw new DataError(
    "unreadable",
    `Cannot read "${file.shown}": it has two columns named "${twice.slice(0, 60)}", or so but for capitals; rename one`,
  );
}
