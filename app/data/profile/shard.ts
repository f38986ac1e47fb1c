import type { DataFile } from "#data/data-file.ts";
import { quoteName } from "#data/sql-text.ts";
import { fileColumn, rowColumn, type Table } from "#data/table/read-table.ts";

/** One of `of` parts that together are the whole; `index` from 1. */
export type Shard = { index: number; of: number };

/** The files of a shard, every so manieth; all files where they are fewer than shards, which then share their rows. */
export function filesOf(files: readonly DataFile[], shard: Shard | undefined): readonly DataFile[] {
  if (!sharesFiles(files, shard)) return files;
  return files.filter((_, index) => index % shard.of === shard.index % shard.of);
}

/** Whether each file belongs to one shard alone. */
export function sharesFiles(files: readonly DataFile[], shard: Shard | undefined): shard is Shard {
  return shard !== undefined && files.length >= shard.of;
}

/** The rows of a file that belong to a shard, from 0: neighbours, so that the rest of the file need not be read. */
export function rowsOf(rows: number, { index, of }: Shard): readonly [start: number, end: number] {
  return [Math.floor((rows * (index - 1)) / of), Math.floor((rows * index) / of)];
}

/** A table's rows that belong to a shard, as SQL behind FROM. */
export function shardTable(table: Table, shard: Shard): string {
  const ranges = table.rowsOfFile.map((rows, index) => {
    const [start, end] = rowsOf(rows, shard);
    return `(${quoteName(fileColumn)} = ${index} AND ${quoteName(rowColumn)} > ${start} AND ${quoteName(rowColumn)} <= ${end})`;
  });
  return `(SELECT * FROM ${quoteName(table.name)} WHERE ${ranges.join(" OR ")})`;
}
