import type { Database } from "#data/open-duckdb.ts";
import { quoteName } from "#data/sql-text.ts";
import { rowColumn } from "#data/table/read-table.ts";
import type { DataDiff } from "#core/diff/data-diff.ts";
import type { Compared } from "./compare-columns.ts";
import type { Matched, MatchJob } from "./match-rows.ts";
import { sayRow, type Side } from "./open-side.ts";

const mostHeld = 20_000_000;
const [mostColumns, mostExplained, mostExamples, longest] = [200, 50, 5, 200];

/**
 * Fetches the cells of the rows in `matched`, and of no others: the table `changes` has the state of each, how often it
 * counts, and column i of both sides as `l<i>` and `r<i>`. So many that memory could end are fetched whenever asked for.
 */
export async function collectChanges(db: Database, matched: Matched, job: MatchJob): Promise<void> {
  const { left, right, columns } = job;
  const rows = matched.added + matched.removed + (matched.changed ?? 0);
  const cells = (side: Side, at: number, prefix: string): string => {
    const values = columns.map(({ values: sql }, index) => `${typed(sql[at])} AS ${prefix}${index}`);
    return `(SELECT ${[`${quoteName(rowColumn)} AS id`, ...values].join(", ")} FROM ${side.view})`;
  };
  await db.query(
    `CREATE ${rows * columns.length > mostHeld ? "VIEW" : "TABLE"} changes AS SELECT m.*, a.* EXCLUDE (id), b.* EXCLUDE (id) FROM matched m ` +
      `LEFT JOIN ${cells(left, 0, "l")} a ON m.l = a.id LEFT JOIN ${cells(right, 1, "r")} b ON m.r = b.id`,
  );
}

/** A column of nothing would be one of numbers, which texts cannot be compared with. */
const typed = (sql: string | undefined): string => (sql === undefined || sql === "NULL" ? "NULL::VARCHAR" : sql);

/** By column how many cells changed in rows of the same key, most first, with the first of them. */
export async function countCells(
  db: Database,
  { right, columns, key }: MatchJob,
): Promise<NonNullable<DataDiff["cells"]>> {
  if (columns.length === 0) return [];
  const counts = columns.map(
    (_, index) => `(count(*) FILTER (l${index} IS DISTINCT FROM r${index}))::DOUBLE AS "${index}"`,
  );
  const found = await db.query(`SELECT ${counts.join(", ")} FROM changes WHERE state = 'changed'`);
  const changed = columns
    .map(({ name }, index) => ({ name, index, count: Number(found.get(String(index))?.[0]) }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count)
    .slice(0, mostColumns);
  const cells: NonNullable<DataDiff["cells"]> = [];
  for (const [place, { name, index, count }] of changed.entries()) {
    const [before, after] = [show(`l${index}`), show(`r${index}`)];
    const examples =
      place < mostExplained
        ? // oxlint-disable-next-line no-await-in-loop -- one small query a column that changed
          await db.query(
            `SELECT k.label, ${before} AS before, ${after} AS after FROM (SELECT l${index}, r${index}, r FROM changes ` +
              `WHERE state = 'changed' AND l${index} IS DISTINCT FROM r${index} ORDER BY r LIMIT ${mostExamples}) ` +
              `JOIN ${labelled(right, 1, key)} k ON r = k.id ORDER BY r`,
          )
        : new Map<string, readonly unknown[]>();
    const label = examples.get("label") ?? [];
    const at = (column: string, row: number): string | null => cut(examples.get(column)?.[row]);
    cells.push({
      column: name.slice(0, 1_000),
      changed: count,
      examples: label.map((value, row) => ({
        key: cut(value) ?? "",
        before: at("before", row),
        after: at("after", row),
      })),
    });
  }
  return cells;
}

/** The first rows that came and went: their keys, or where they are. */
export async function findExamples(
  db: Database,
  { left, right, key }: MatchJob,
): Promise<NonNullable<DataDiff["examples"]>> {
  const first = async (side: Side, at: number): Promise<string[]> => {
    const place = at === 0 ? "l" : "r";
    const rows = `(SELECT ${place} AS id FROM matched WHERE state = '${at === 0 ? "removed" : "added"}' ORDER BY ${place} LIMIT ${mostExamples})`;
    const found = await db.query(
      key.length === 0
        ? `SELECT id::DOUBLE AS id FROM ${rows} ORDER BY id`
        : `SELECT k.label FROM ${rows} m JOIN ${labelled(side, at, key)} k ON m.id = k.id ORDER BY k.id`,
    );
    const labels = found.get("label")?.map((label) => cut(label) ?? "");
    return labels ?? (found.get("id") ?? []).map((row) => sayRow(side, Number(row)).slice(0, longest));
  };
  return { removed: await first(left, 0), added: await first(right, 1) };
}

/** SQL for the key of each row as text. */
function labelled(side: Side, at: number, key: readonly Compared[]): string {
  const label = `concat_ws(', ', ${key.map(({ values }) => `left(${values[at]}::VARCHAR, 80)`).join(", ")})`;
  return `(SELECT ${quoteName(rowColumn)} AS id, ${label} AS label FROM ${side.view})`;
}

const show = (sql: string): string => `left(${sql}::VARCHAR, ${longest})`;

const cut = (value: unknown): string | null => (typeof value === "string" ? value.slice(0, longest) : null);
