import type { DataReport } from "#core/evidence.ts";
import { DataError } from "./data-error.ts";
import { formatOf, type DataFile } from "./data-file.ts";
import { openDuckDb } from "./open-duckdb.ts";
import { fileColumn, readTable, rowColumn, type Table } from "#data/table/read-table.ts";
import { quoteName } from "./sql-text.ts";

/** A data file of one version: `blob` is its git blob id, so that equal content is never read. */
export type VersionedFile = DataFile & { blob: string };

/**
 * What changed between two versions of a set of data files. Rows are compared as a multiset (order does not count, each
 * copy does) over the files whose content changed or moved; they are null where one of those is no table that can be read.
 */
export async function diffRows(
  before: readonly VersionedFile[],
  after: readonly VersionedFile[],
): Promise<NonNullable<DataReport["diff"]>> {
  const [old, now] = [byName(before), byName(after)];
  const added = after.filter(({ shown }) => !old.has(shown));
  const removed = before.filter(({ shown }) => !now.has(shown));
  const changed = after.filter(({ shown, blob }) => old.has(shown) && old.get(shown)?.blob !== blob);
  const files = { filesAdded: added.length, filesRemoved: removed.length, filesChanged: changed.length };
  const gone = [...removed, ...changed.flatMap(({ shown }) => old.get(shown) ?? [])];
  const [left, right] = cancelMoves(gone, [...added, ...changed]);
  if (left.length + right.length === 0) return { ...files, rowsAdded: 0, rowsRemoved: 0 };
  if (![...left, ...right].every(({ shown }) => formatOf(shown) !== undefined))
    return { ...files, rowsAdded: null, rowsRemoved: null };
  try {
    return { ...files, ...(await countRows(left, right)) };
  } catch (error) {
    // the diff informs, it does not judge: what a broken file means is for the expectations to say
    if (error instanceof DataError) return { ...files, rowsAdded: null, rowsRemoved: null };
    throw error;
  }
}

function byName(files: readonly VersionedFile[]): ReadonlyMap<string, VersionedFile> {
  return new Map(files.map((file) => [file.shown, file]));
}

/** A file that moved is on both sides with the same content: it changes no row. */
function cancelMoves(
  left: readonly VersionedFile[],
  right: readonly VersionedFile[],
): [VersionedFile[], VersionedFile[]] {
  const rest = [...right];
  const gone = left.filter((file) => {
    const at = rest.findIndex(({ blob }) => blob === file.blob);
    if (at === -1) return true;
    rest.splice(at, 1);
    return false;
  });
  return [gone, rest];
}

async function countRows(
  left: readonly VersionedFile[],
  right: readonly VersionedFile[],
): Promise<{ rowsAdded: number; rowsRemoved: number }> {
  const db = await openDuckDb({ reads: [...left, ...right].map(({ path }) => path) });
  try {
    const none: Table = { name: "", columns: [], rows: 0, files: [], rowsOfFile: [] };
    const old = left.length === 0 ? none : await readTable(db, left, "before rows", { typed: [] });
    const now = right.length === 0 ? none : await readTable(db, right, "after rows", { typed: [] });
    if (old.rows === 0 || now.rows === 0) return { rowsAdded: now.rows, rowsRemoved: old.rows };
    const columns = [...new Set([...old.columns, ...now.columns].map(({ name }) => name))].sort();
    const hashed = (table: Table, sign: 1 | -1): string => {
      const has = new Set(table.columns.map(({ name }) => name));
      const values = columns.map((column) => (has.has(column) ? `coalesce(${quoteName(column)}::VARCHAR, '')` : "''"));
      return `SELECT hash(${values.join(", ")}) AS h, ${sign} AS side FROM (SELECT * EXCLUDE (${quoteName(fileColumn)}, ${quoteName(rowColumn)}) FROM ${quoteName(table.name)})`;
    };
    const found = await db.query(
      `SELECT sum(greatest(net, 0))::DOUBLE AS added, sum(greatest(-net, 0))::DOUBLE AS removed FROM ` +
        `(SELECT sum(side) AS net FROM (${hashed(old, -1)} UNION ALL ${hashed(now, 1)}) GROUP BY h)`,
    );
    return { rowsAdded: Number(found.get("added")?.[0]), rowsRemoved: Number(found.get("removed")?.[0]) };
  } finally {
    await db.close();
  }
}
