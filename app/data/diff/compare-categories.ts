import type { DataDiff, OnlyValues } from "#core/diff/data-diff.ts";
import type { Database } from "#data/open-duckdb.ts";
import type { Compared } from "./compare-columns.ts";
import { countRows, type Whole } from "./describe-columns.ts";

const mostColumns = 200;
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
    if (come.values + gone.values > 0) found.push({ column: column.name.slice(0, 1_000), new: come, missing: gone });
  }
  return found;
}

const isCategory = ({ words }: Compared): boolean =>
  words.every((word) => word === undefined || word === "text" || word === "boolean");

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
