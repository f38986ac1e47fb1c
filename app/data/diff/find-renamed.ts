import type { DataDiff } from "#core/diff/data-diff.ts";
import type { Database } from "#data/open-duckdb.ts";
import { quoteName } from "#data/sql-text.ts";
import { rowColumn } from "#data/table/read-table.ts";
import { compareColumns } from "./compare-columns.ts";
import type { Side } from "./open-side.ts";

const mostTried = 36;
const row = quoteName(rowColumn);

type Renamed = NonNullable<DataDiff["columns"]>["renamed"];

/**
 * Columns that went and came with the same content: in 99 % of the rows that a key pairs (the table `pairs`), else as a
 * multiset. A column with a single value says nothing, so it is never one.
 */
export async function findRenamed(
  db: Database,
  [left, right]: readonly [Side, Side],
  [removed, added]: readonly [readonly string[], readonly string[]],
  isPaired: boolean,
): Promise<Renamed> {
  const renamed: Renamed[number][] = [];
  const tries = removed.flatMap((before) => added.map((after) => ({ before, after }))).slice(0, mostTried);
  for (const [index, { before, after }] of tries.entries()) {
    if (renamed.some((found) => found.before === before || found.after === after)) continue;
    const name = `renamed ${index}`;
    const view = quoteName(name);
    // oxlint-disable-next-line no-await-in-loop -- a pair that was found rules out others
    await db.query(
      `CREATE VIEW ${view} AS SELECT ${row}, ${quoteName(after)} AS ${quoteName(before)} FROM ${right.view}`,
    );
    const type = right.columns.find((column) => column.name === after)?.type ?? "VARCHAR";
    const other: Side = { ...right, name, view, columns: [{ name: before, type }] };
    // oxlint-disable-next-line no-await-in-loop -- see above
    const [compared] = await compareColumns(db, [left, other], [before]);
    const [word, otherWord] = compared?.words ?? [];
    if (compared === undefined || word === undefined || word !== otherWord) continue;
    const [a = "", b = ""] = compared.values;
    // oxlint-disable-next-line no-await-in-loop -- see above
    const found = await db.query(isPaired ? compareCells(left, other, a, b) : compareWhole(left, other, a, b));
    if (found.get("same")?.[0] === true) renamed.push({ before, after });
  }
  return renamed;
}

function compareCells(left: Side, right: Side, a: string, b: string): string {
  return (
    `SELECT coalesce(count(*) FILTER (a IS NOT DISTINCT FROM b) >= 0.99 * count(*) AND min(a) <> max(a), false) AS same FROM pairs ` +
    `JOIN (SELECT ${row} AS id, ${a} AS a FROM ${left.view}) x ON pairs.l = x.id JOIN (SELECT ${row} AS id, ${b} AS b FROM ${right.view}) y ON pairs.r = y.id`
  );
}

function compareWhole(left: Side, right: Side, a: string, b: string): string {
  const print = (sql: string, side: Side): string =>
    `(SELECT sum(hash(v)::HUGEINT) AS s, count(*) AS n, min(v) <> max(v) AS varies FROM (SELECT ${sql} AS v FROM ${side.view}))`;
  return `SELECT coalesce(x.s = y.s AND x.n = y.n AND x.varies, false) AS same FROM ${print(a, left)} x, ${print(b, right)} y`;
}
