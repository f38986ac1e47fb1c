import type { Database } from "#data/open-duckdb.ts";
import { quoteName } from "#data/sql-text.ts";
import { rowColumn } from "#data/table/read-table.ts";
import type { Compared } from "./compare-columns.ts";
import { findEmptyKey, findTwice } from "./find-bad-key.ts";
import type { Side } from "./open-side.ts";

/** How the rows of two sides relate. Which ones came, went or changed is in the table `matched` of the database. */
export type Matched = {
  added: number;
  removed: number;
  /** null: rows have no key */
  changed: number | null;
  duplicates: { before: number; after: number };
};

export type MatchJob = {
  left: Side;
  right: Side;
  /** what both have, keys aside; the first value is the left one's */
  columns: readonly Compared[];
  key: readonly Compared[];
};

const row = quoteName(rowColumn);

/** SQL for one side: `k0`… its key, `h` a hash of its values, `r` its row. */
function hashed(side: Side, at: number, columns: readonly Compared[], key: readonly Compared[]): string {
  const keys = key.map(({ values }, index) => `${values[at]} AS k${index}`);
  const values = columns.map((column) => column.values[at]);
  const hash = values.length === 0 ? "0::UBIGINT" : `hash(${values.join(", ")})`;
  return `(SELECT ${[...keys, `${hash} AS h`, `${row} AS r`].join(", ")} FROM ${side.view})`;
}

/**
 * Pairs rows by key and compares a hash of the rest, so that no cell is held in memory. Answers with a sentence instead
 * where the key names no single row: a value is empty, or occurs twice.
 */
export async function matchByKey(db: Database, job: MatchJob): Promise<Matched | string> {
  const { left, right, columns, key } = job;
  for (const [at, side] of [left, right].entries()) {
    // oxlint-disable-next-line no-await-in-loop -- the first mistake is the one to say
    const empty = await findEmptyKey(db, side, at, key);
    if (empty !== undefined) return empty;
  }
  const on = key.map((_, index) => `l.k${index} = r.k${index}`).join(" AND ");
  // one row more than there can be: a key that occurs twice on both sides must not multiply without end
  const most = left.rows + right.rows + 1;
  await db.query(
    `CREATE TABLE pairs AS SELECT l.r AS l, r.r AS r, l.h <> r.h AS differs FROM ${hashed(left, 0, columns, key)} l ` +
      `FULL JOIN ${hashed(right, 1, columns, key)} r ON ${on} LIMIT ${most}`,
  );
  const found = await db.query(
    `SELECT count(*)::DOUBLE AS n, (count(*) FILTER (l IS NULL))::DOUBLE AS added, (count(*) FILTER (r IS NULL))::DOUBLE AS removed, ` +
      `(count(*) FILTER (differs))::DOUBLE AS changed FROM pairs`,
  );
  const [n, added, removed, changed] = ["n", "added", "removed", "changed"].map((name) => Number(found.get(name)?.[0]));
  if (n === undefined || added === undefined || removed === undefined || changed === undefined)
    throw new Error("Cannot count the pairs of rows: the engine answered nothing");
  const both = n - added - removed;
  const isPaired = n < most && both + removed === left.rows && both + added === right.rows;
  for (const [at, side] of [left, right].entries()) {
    const alone = at === 0 ? removed : added;
    if (isPaired && alone < 2) continue;
    // where every pair is one, a key can only occur twice among the rows that found no partner
    const among = isPaired
      ? `WHERE ${row} IN (SELECT ${at === 0 ? "l" : "r"} FROM pairs WHERE ${at === 0 ? "r" : "l"} IS NULL)`
      : "";
    // oxlint-disable-next-line no-await-in-loop -- see above
    const twice = await findTwice(db, side, at, key, among);
    if (twice === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop -- once, then it answers
    await db.query("DROP TABLE pairs");
    return twice;
  }
  await db.query(
    "CREATE TABLE matched AS SELECT l, r, 1 AS n, CASE WHEN l IS NULL THEN 'added' WHEN r IS NULL THEN 'removed' ELSE 'changed' END AS state " +
      "FROM pairs WHERE l IS NULL OR r IS NULL OR differs",
  );
  return { added, removed, changed, duplicates: { before: 0, after: 0 } };
}

/** Rows of one side that has nothing to be compared with: all of them came, or went. */
export async function matchAlone(db: Database, { left, right, columns }: MatchJob): Promise<Matched> {
  const [side, at] = right.rows === 0 ? [left, 0] : [right, 1];
  const places = at === 0 ? "r AS l, NULL::BIGINT AS r" : "NULL::BIGINT AS l, r";
  const rows = `(SELECT ${row} AS r FROM ${side.view})`;
  await db.query(
    `CREATE VIEW matched AS SELECT ${places}, 1 AS n, '${at === 0 ? "removed" : "added"}' AS state FROM ${rows}`,
  );
  const found = await db.query(
    `SELECT (count(*) - count(DISTINCT h))::DOUBLE AS again FROM ${hashed(side, at, columns, [])}`,
  );
  const again = side.rows === 0 ? 0 : Number(found.get("again")?.[0]);
  return {
    added: right.rows,
    removed: left.rows,
    changed: null,
    duplicates: { before: at === 0 ? again : 0, after: at === 0 ? 0 : again },
  };
}

/** Compares rows as a multiset: order does not count, each copy does. */
export async function matchByContent(db: Database, { left, right, columns }: MatchJob): Promise<Matched> {
  const side = (table: Side, at: number): string =>
    `SELECT h, ${at === 0 ? "r AS l, NULL::BIGINT AS r" : "NULL::BIGINT AS l, r"} FROM ${hashed(table, at, columns, [])}`;
  await db.query(
    `CREATE TABLE copies AS SELECT count(l) AS before, count(r) AS after, min(l) AS l, min(r) AS r ` +
      `FROM (${side(left, 0)} UNION ALL ${side(right, 1)}) GROUP BY h`,
  );
  await db.query(
    "CREATE TABLE matched AS SELECT CASE WHEN before > after THEN l END AS l, CASE WHEN after > before THEN r END AS r, " +
      "abs(after - before) AS n, CASE WHEN after > before THEN 'added' ELSE 'removed' END AS state FROM copies WHERE before <> after",
  );
  const found = await db.query(
    "SELECT coalesce(sum(greatest(after - before, 0)), 0)::DOUBLE AS added, coalesce(sum(greatest(before - after, 0)), 0)::DOUBLE AS removed, " +
      "coalesce(sum(greatest(before - 1, 0)), 0)::DOUBLE AS old, coalesce(sum(greatest(after - 1, 0)), 0)::DOUBLE AS now FROM copies",
  );
  const number = (name: string): number => Number(found.get(name)?.[0]);
  return {
    added: number("added"),
    removed: number("removed"),
    changed: null,
    duplicates: { before: number("old"), after: number("now") },
  };
}
