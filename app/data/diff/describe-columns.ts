import type { DataDiff } from "#core/diff/data-diff.ts";
import type { Database } from "#data/open-duckdb.ts";
import { quoteText } from "#data/sql-text.ts";
import type { Compared } from "./compare-columns.ts";
import type { Side } from "./open-side.ts";

/** A version of the data: what changed, and the files that both versions have. `at`: index into a column's values. */
export type Whole = readonly { side: Side; at: number }[];

const [most, mostLabels] = [200, 50];

export const countRows = (whole: Whole): number => whole.reduce((sum, { side }) => sum + side.rows, 0);

/** Columns whose share of empty values is another one now. */
export async function compareNulls(
  db: Database,
  columns: readonly Compared[],
  [before, after]: readonly [Whole, Whole],
): Promise<NonNullable<DataDiff["nulls"]>> {
  const counts = new Map<Side, readonly number[]>();
  for (const { side, at } of [...before, ...after])
    // oxlint-disable-next-line no-await-in-loop -- one scan at a time
    if (!counts.has(side)) counts.set(side, await countNulls(db, side, at, columns));
  const sum = (whole: Whole, index: number): number =>
    whole.reduce((total, { side }) => total + (counts.get(side)?.[index] ?? 0), 0);
  const [old, now] = [countRows(before), countRows(after)];
  if (old === 0 || now === 0) return [];
  return columns
    .map(({ name }, index) => ({ column: name.slice(0, 1_000), before: sum(before, index), after: sum(after, index) }))
    .filter((found) => found.before * now !== found.after * old)
    .toSorted((a, b) => Math.abs(b.after / now - b.before / old) - Math.abs(a.after / now - a.before / old))
    .slice(0, most);
}

async function countNulls(db: Database, side: Side, at: number, columns: readonly Compared[]): Promise<number[]> {
  if (side.rows === 0 || columns.length === 0) return columns.map(() => 0);
  const known = await readNulls(db, side);
  const values = columns.map((column) => column.values[at] ?? "NULL");
  const names = new Set(side.columns.map(({ name }) => name));
  // what Parquet wrote down holds where the value is compared as it is
  const open = columns.filter(({ name }, index) => !known.has(name) || !isPlain(values[index], name));
  const found = await db.query(
    `SELECT ${columns.map((column, index) => (open.includes(column) ? `count(${values[index]})::DOUBLE AS "${index}"` : `0 AS "${index}"`)).join(", ")} FROM ${open.length === 0 ? "(SELECT 1)" : side.view}`,
  );
  return columns.map((column, index) => {
    if (!names.has(column.name)) return side.rows;
    return open.includes(column) ? side.rows - Number(found.get(String(index))?.[0]) : (known.get(column.name) ?? 0);
  });
}

const isPlain = (sql: string | undefined, name: string): boolean =>
  sql !== undefined && sql.includes(name.replaceAll('"', '""')) && !sql.includes("nullif(");

/** Empty values by column as the footers of Parquet files say; a column of which one does not is left out. */
async function readNulls(db: Database, side: Side): Promise<ReadonlyMap<string, number>> {
  if (side.relations.length === 0 || side.relations.some(({ inPlace }) => !inPlace)) return new Map();
  const files = side.relations.map(({ file }) => quoteText(db.readable(file.path))).join(", ");
  const found = await db.query(
    `SELECT path_in_schema AS name, sum(stats_null_count)::DOUBLE AS nulls FROM parquet_metadata([${files}]) ` +
      `GROUP BY path_in_schema HAVING count(*) = count(stats_null_count) AND sum(num_values) = ${side.rows}`,
  );
  return new Map((found.get("name") ?? []).map((name, index) => [String(name), Number(found.get("nulls")?.[index])]));
}

/** Rows of each label before and after; undefined where there are too many labels to be classes. */
export async function compareLabels(
  db: Database,
  label: Compared,
  wholes: readonly [Whole, Whole],
): Promise<DataDiff["labels"]> {
  const counts = new Map<string | null, { before: number; after: number }>();
  for (const [index, whole] of wholes.entries())
    for (const { side, at } of whole) {
      // oxlint-disable-next-line no-await-in-loop -- one scan at a time
      const found = await db.query(
        `SELECT left(v::VARCHAR, 200) AS label, count(*)::DOUBLE AS n FROM (SELECT ${label.values[at]} AS v FROM ${side.view}) GROUP BY v LIMIT ${mostLabels + 1}`,
      );
      for (const [row, value] of (found.get("label") ?? []).entries()) {
        const key = typeof value === "string" ? value.slice(0, 200) : null;
        const sum = counts.get(key) ?? { before: 0, after: 0 };
        sum[index === 0 ? "before" : "after"] += Number(found.get("n")?.[row]);
        counts.set(key, sum);
      }
    }
  if (counts.size > mostLabels) return undefined;
  const values = [...counts].map(([value, sums]) => ({ value, ...sums }));
  return {
    column: label.name.slice(0, 1_000),
    values: values.toSorted(
      (a, b) => b.after - a.after || b.before - a.before || ((a.value ?? "") < (b.value ?? "") ? -1 : 1),
    ),
  };
}
