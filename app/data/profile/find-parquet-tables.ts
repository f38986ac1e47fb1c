import type { DataFile } from "#data/data-file.ts";
import type { Database } from "#data/open-duckdb.ts";
import { quoteText } from "#data/sql-text.ts";
import { guarded } from "#data/table/open-source.ts";
import type { ColumnType } from "#data/table/read-table.ts";

/** Parquet files of the very same columns and types, which one scan reads. `from`: SQL behind FROM. */
export type ParquetTable = { files: readonly DataFile[]; from: string; columns: readonly ColumnType[] };

/** Groups Parquet files by their columns, in order. Throws a DataError that names the file that cannot be read. */
export async function findParquetTables(db: Database, files: readonly DataFile[]): Promise<ParquetTable[]> {
  const groups = new Map<string, { files: DataFile[]; columns: ColumnType[] }>();
  for (const file of files) {
    // oxlint-disable-next-line no-await-in-loop -- a millisecond each, and the first that is broken is the one to name
    const columns = await guarded([file], () => describeFile(db, file));
    const key = JSON.stringify(columns);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { files: [file], columns });
    else group.files.push(file);
  }
  return [...groups.values()].map((group) => ({
    ...group,
    from: `read_parquet([${group.files.map(({ path }) => quoteText(db.readable(path))).join(", ")}])`,
  }));
}

async function describeFile(db: Database, file: DataFile): Promise<ColumnType[]> {
  const found = await db.query(
    `SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet([${quoteText(db.readable(file.path))}]))`,
  );
  const types = found.get("column_type") ?? [];
  return (found.get("column_name") ?? []).map((name, index) => ({ name: String(name), type: String(types[index]) }));
}
