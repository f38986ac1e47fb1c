import type { DataDiff, OnlyValues } from "#core/diff/data-diff.ts";
import type { Database } from "#data/open-duckdb.ts";
import type { Compared } from "./compare-columns.ts";
import { countRows, type Whole } from "./describe-columns.ts";

const mostColumns = 200;
/** A column of more values than this, each in fewer rows on average, is one of names such as a postal code. */
const fewestNames = 20;
const rowsOfName = 10;
const nothing: OnlyValues = { values: 0, rows: 0, examples: [] };

/** Texts and truth values that one version alone has, by column. Columns whose every value is its own are left out. */
export async function compareCategories(
  db: Database,
  columns: readonly (Compared & { index: number })[],
  [before, after]: readonly [Whole, Whole],
): Promise<NonNullable<DataDiff["categories"]>> {
  const found: NonNullable<DataDiff["categories"]> = [];
  for (const column of columns.filter(isCategory).slice(0, mostColumns)) {
    // oxlint-disable-next-line no-await-in-loop -- one column at a time, in bounded memory
    const come = countRows(before) === 0 ? nothing : await findOnly(db, column, ["r", "l"], before);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const gone = countRows(after) === 0 ? nothing : await findOnly(db, column, ["l", "r"], after);
    if (come.values + gone.values === 0) continue;
    const name = column.name.slice(0, 1_000);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const nearlyUnique = await isNearlyUnique(db, column, before);
    found.push({ column: name, new: come, missing: gone, ...(nearlyUnique ? { nearlyUnique } : {}) });
  }
  return found;
}

const isCategory = ({ words }: Compared): boolean =>
  words.every((word) => word === undefined || word === "text" || word === "boolean");

async function isNearlyUnique(db: Database, { values }: Compared, whole: Whole): Promise<boolean> {
  const parts = whole.flatMap(({ side, at }) => {
    const sql = values[at];
    return sql === undefined || sql === "NULL" || side.rows === 0 ? [] : [`SELECT ${sql} AS v FROM ${side.view}`];
  });
  if (parts.length === 0) return false;
  const found = await db.query(
    `SELECT count(v)::DOUBLE AS n, approx_count_distinct(v)::DOUBLE AS names FROM (${parts.join(" UNION ALL ")})`,
  );
  const names = Number(found.get("names")?.[0]);
  return names >= fewestNames && Number(found.get("n")?.[0]) < rowsOfName * names;
}

/**
 * A value that one version alone has is among the rows that changed, and nowhere in the other version. It is looked for
 * in the changed rows of the other version first, which are few, and in all of it only where it is not there.
 */
async function findOnly(
  db: Database,
  { index, values }: Compared & { index: number },
  [own, other]: readonly ["l" | "r", "l" | "r"],
  elsewhere: Whole,
): Promise<OnlyValues> {
  const [value, there] = [`${own}${index}`, `${other}${index}`];
  await db.query(
    `CREATE OR REPLACE TABLE candidates AS SELECT ${value} AS v, sum(n)::DOUBLE AS rows FROM changes ` +
      `WHERE ${value} IS NOT NULL AND ${value} IS DISTINCT FROM ${there} AND ${own} IS NOT NULL GROUP BY v`,
  );
  const look = [
    { sql: there, from: "changes" },
    ...elsewhere.map(({ side, at }) => ({ sql: values[at], from: side.view })),
  ];
  for (const { sql, from } of look) {
    // oxlint-disable-next-line no-await-in-loop -- the next place is asked only for what is left
    const left = await db.query("SELECT count(*)::DOUBLE AS n FROM candidates");
    if (Number(left.get("n")?.[0]) === 0) return nothing;
    if (sql === undefined || sql === "NULL") continue;
    // oxlint-disable-next-line no-await-in-loop -- see above
    await db.query(
      `DELETE FROM candidates WHERE v IN (SELECT DISTINCT ${sql} FROM ${from} WHERE ${sql} IN (SELECT v FROM candidates))`,
    );
  }
  const sums = await db.query("SELECT count(*)::DOUBLE AS n, coalesce(sum(rows), 0)::DOUBLE AS rows FROM candidates");
  const only = { values: Number(sums.get("n")?.[0]), rows: Number(sums.get("rows")?.[0]) };
  // names and other free text are new in nearly every row
  if (only.values > 20 && only.values > only.rows / 2) return nothing;
  const first = await db.query("SELECT left(v::VARCHAR, 200) AS v, rows FROM candidates ORDER BY rows DESC, v LIMIT 5");
  const examples = (first.get("v") ?? []).map((v, row) => ({
    value: String(v).slice(0, 200),
    rows: Number(first.get("rows")?.[row]),
  }));
  return { ...only, examples };
}
