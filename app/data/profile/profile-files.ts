import { mergeProfiles, ProfileMismatch } from "#core/profile/merge-profiles.ts";
import { readBins } from "#core/profile/number-bins.ts";
import type { TableProfile } from "#core/profile/table-profile.ts";
import { DataError } from "#data/data-error.ts";
import { requireFormat, type DataFile } from "#data/data-file.ts";
import { openDuckDb, type Database } from "#data/open-duckdb.ts";
import { quoteName } from "#data/sql-text.ts";
import { guarded } from "#data/table/open-source.ts";
import { dropTable, readTable, type ColumnType, type ReadOptions } from "#data/table/read-table.ts";
import { chooseColumns, requireEach, resolveChoice, type ColumnChoice } from "./choose-columns.ts";
import { findNarrow } from "./find-narrow.ts";
import { findParquetRows, findParquetTables } from "./find-parquet-tables.ts";
import { scanTable } from "./scan-table.ts";
import { filesOf, shardTable, sharesFiles, type Shard } from "./shard.ts";

export type ProfileOptions = ColumnChoice & {
  /** bins of a column of numbers, 1,024 or more */
  most?: number;
  /** only this part of the files, or of their rows where files are fewer than parts */
  shard?: Shard;
  /** the names of a table's columns, before any was left out */
  onColumns?: (names: readonly string[]) => void;
  /** rows read so far, of all files */
  onProgress?: (rows: number) => void;
};

/** A large file on a slow machine: what hangs is stopped all the same. */
const timeoutMs = 6 * 60 * 60 * 1000;

/**
 * Profiles the files as one table, columns united by name. Parquet is scanned where it lies, with its own types; the
 * columns of text formats get the one type that all their values have. Throws a DataError.
 */
export async function profileFiles(files: readonly DataFile[], options: ProfileOptions = {}): Promise<TableProfile> {
  const [profile] = await profileTables([files], options);
  if (profile === undefined) throw new RangeError("Cannot profile: there is no table");
  return profile;
}

/** As `profileFiles`, of several tables, each of its own files: sooner than one by one. */
export async function profileTables(
  tables: readonly (readonly DataFile[])[],
  options: ProfileOptions = {},
): Promise<TableProfile[]> {
  if (tables.some((files) => files.length === 0))
    throw new DataError("unreadable", "Cannot profile: there are no files");
  const reads = [...new Set(tables.flat().map(({ path }) => path))];
  // a shard of text takes rows by their number, and each machine must number them alike
  const db = await openDuckDb({ reads, memoryMb: 550, ordered: options.shard !== undefined, timeoutMs });
  try {
    const profiles: TableProfile[] = [];
    for (const files of tables) profiles.push(await profileTable(db, files, options));
    return profiles;
  } catch (error) {
    if (error instanceof ProfileMismatch) throw new DataError("bad-value", error.message, { cause: error });
    throw error;
  } finally {
    await db.close();
  }
}

async function profileTable(db: Database, files: readonly DataFile[], options: ProfileOptions): Promise<TableProfile> {
  const known = new Set<string>();
  const profile = mergeProfiles(await profileParts(db, files, options, known));
  // what there is, not what was chosen of it: of nothing but mistakes nothing is chosen
  const columns = [...known].map((name) => ({ name }));
  const choice = resolveChoice(options, columns);
  requireEach("columns", choice.columns, choice.without, columns, files[0]?.shown);
  requireEach("names", choice.names, choice.without, columns, files[0]?.shown);
  options.onColumns?.([...known]);
  return profile;
}

async function profileParts(
  db: Database,
  files: readonly DataFile[],
  options: ProfileOptions,
  known: Set<string>,
): Promise<TableProfile[]> {
  const own = filesOf(files, options.shard);
  const rowsOf = sharesFiles(files, options.shard) ? undefined : options.shard;
  const parquet = own.filter(({ shown }) => requireFormat(shown).kind === "parquet");
  const texts = own.filter((file) => !parquet.includes(file));
  const parts: TableProfile[] = [];
  const scan = async (
    from: string,
    columns: readonly ColumnType[],
    read: readonly DataFile[],
    narrow: ReadonlySet<string>,
  ): Promise<void> => {
    for (const { name } of columns) known.add(name);
    const choice = resolveChoice(options, columns);
    const before = parts.reduce((sum, part) => sum + part.rows, 0);
    const part = await guarded(read, () =>
      scanTable(db, from, chooseColumns(columns, choice), {
        names: new Set(choice.names),
        most: options.most ?? readBins,
        narrow,
        onRows: (rows) => options.onProgress?.(before + rows),
      }),
    );
    parts.push(part);
  };
  const tables =
    rowsOf === undefined ? await findParquetTables(db, parquet) : await findParquetRows(db, parquet, rowsOf);
  for (const table of tables) await scan(table.from, table.columns, table.files, await findNarrow(db, table.files));
  if (texts.length > 0) {
    const how: ReadOptions = { typed: "all", once: true };
    const table = await readTable(db, texts, "profiled", how);
    await scan(
      rowsOf === undefined ? quoteName(table.name) : shardTable(table, rowsOf),
      table.columns,
      texts,
      new Set(),
    );
    await dropTable(db, table, how);
  }
  return parts;
}
