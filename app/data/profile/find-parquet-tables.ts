import type { DataFile } from "#data/data-file.ts";
import type { Database } from "#data/open-duckdb.ts";
import { quoteText } from "#data/sql-text.ts";
import { guarded, plainPath } from "#data/table/open-source.ts";
import { refuseRepeated } from "#data/table/refuse-repeated.ts";
import type { ColumnType } from "#data/table/read-table.ts";
import { rowsOf, type Shard } from "./shard.ts";

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
    from: `read_parquet([${group.files.map(({ path }) => quoteText(db.readable(path))).join(", ")}], ${plainPath})`,
  }));
}

/** As `findParquetTables`, of the rows that belong to a shard: a table a file. Rows of other shards are not read. */
export async function findParquetRows(db: Database, files: readonly DataFile[], shard: Shard): Promise<ParquetTable[]> {
  const tables: ParquetTable[] = [];
  for (const file of files) {
    const path = quoteText(db.readable(file.path));
    // oxlint-disable-next-line no-await-in-loop -- there are fewer than shards
    const table = await guarded([file], async () => {
      const counted = await db.query(`SELECT num_rows::DOUBLE AS n FROM parquet_file_metadata([${path}])`);
      const [start, end] = rowsOf(Number(counted.get("n")?.[0]), shard);
      const rows = `read_parquet([${path}], ${plainPath}, file_row_number = true)`;
      const from = `(SELECT * FROM ${rows} WHERE file_row_number >= ${start} AND file_row_number < ${end})`;
      return { files: [file], from, columns: await describeFile(db, file) };
    });
    tables.push(table);
  }
  return tables;
}

async function describeFile(db: Database, file: DataFile): Promise<ColumnType[]> {
  const found = await db.query(
    `SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet([${quoteText(db.readable(file.path))}], ${plainPath}))`,
  );
  const types = found.get("column_type") ?? [];
  const names = (found.get("column_name") ?? []).map(String);
  await refuseRepeated(db, file, names);
  return names.map((name, index) => ({ name, type: String(types[index]) }));
}
