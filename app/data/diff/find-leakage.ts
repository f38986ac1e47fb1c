import type { Leakage } from "#core/diff/data-diff.ts";
import { judgeLeakage } from "#core/diff/judge-leakage.ts";
import type { Database } from "#data/open-duckdb.ts";
import { compareColumns } from "./compare-columns.ts";
import type { Side } from "./open-side.ts";

/**
 * Looks for rows of the holdout among the training data: by the id where it names one row of the training data, and by
 * all other values that both have, the label aside.
 */
export async function findLeakage(
  db: Database,
  {
    training,
    holdout,
    id,
    label,
  }: { training: Side; holdout: Side; id: string | undefined; label: string | undefined },
): Promise<Leakage> {
  const there = new Set(training.columns.map(({ name }) => name));
  const names = holdout.columns.map(({ name }) => name).filter((name) => there.has(name));
  const shared = await compareColumns(db, [training, holdout], names);
  const key = shared.find(({ name }) => name === id);
  const content = shared.filter(({ name }) => name !== id && name !== label);
  const byId = key === undefined ? null : await countIds(db, training, holdout, key.values);
  if (content.length === 0) return judgeLeakage({ holdoutRows: holdout.rows, byId, byContent: null, twins: 0 });
  const hash = (at: number): string => `hash(${content.map(({ values }) => values[at]).join(", ")})`;
  await db.query(`CREATE TABLE held AS SELECT ${hash(1)} AS h FROM ${holdout.view}`);
  const all = `(SELECT ${hash(0)} AS h FROM ${training.view})`;
  const found = await db.query(
    `SELECT count(*)::DOUBLE AS n FROM held WHERE h IN (SELECT DISTINCT h FROM ${all} WHERE h IN (SELECT h FROM held))`,
  );
  const byContent = Number(found.get("n")?.[0]);
  return judgeLeakage({
    holdoutRows: holdout.rows,
    byId,
    byContent,
    twins: byContent === 0 ? 0 : await findTwins(db, all, training.rows),
  });
}

/** Null where ids are not what names a row: empty on one side, or repeated in the training data. */
async function countIds(
  db: Database,
  training: Side,
  holdout: Side,
  [old = "NULL", held = "NULL"]: readonly string[],
): Promise<number | null> {
  await db.query(`CREATE TABLE held_ids AS SELECT ${held} AS k FROM ${holdout.view}`);
  const all = `(SELECT ${old} AS k FROM ${training.view})`;
  await db.query(
    `CREATE TABLE same_ids AS SELECT k, count(*) AS n FROM ${all} WHERE k IN (SELECT k FROM held_ids) GROUP BY k`,
  );
  const found = await db.query(
    "SELECT (SELECT count(*) FROM held_ids WHERE k IN (SELECT k FROM same_ids))::DOUBLE AS n, coalesce((SELECT max(n) FROM same_ids), 0)::DOUBLE AS most",
  );
  return Number(found.get("most")?.[0]) > 1 ? null : Number(found.get("n")?.[0]);
}

/** The share of rows that have an equal among the others. */
async function findTwins(db: Database, all: string, rows: number): Promise<number> {
  const found = await db.query(
    `SELECT coalesce(sum(n) FILTER (n > 1), 0)::DOUBLE AS n FROM (SELECT count(*) AS n FROM ${all} GROUP BY h)`,
  );
  return rows === 0 ? 0 : Number(found.get("n")?.[0]) / rows;
}
