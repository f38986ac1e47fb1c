import type { ColumnSummary, TableProfile } from "#core/profile/table-profile.ts";
import { readNumber, type Ask } from "./answer.ts";
import { askLevels } from "./ask-levels.ts";
import { askNumbers } from "./ask-numbers.ts";
import { countsSql, numberCounts } from "./number-sql.ts";
import { isNumeric, type SqlColumn } from "./sql-column.ts";
import type { SqlTable } from "./sql-table.ts";

/** Columns that one query counts: engines give up on queries that are too long. */
const columnsAtOnce = 50;

export type SqlProfileOptions = {
  /** columns that are asked about at a time; default 1 */
  atOnce?: number;
  /** told when a column begins */
  onColumn?: (name: string) => void;
};

/**
 * Profiles a table by queries alone: what is stored of it is what is stored of the same rows profiled here. Throws a
 * BadAnswer where the answers do not fit together.
 */
export async function profileBySql(
  ask: Ask,
  table: SqlTable,
  columns: readonly SqlColumn[],
  { atOnce = 1, onColumn }: SqlProfileOptions = {},
): Promise<TableProfile> {
  const summaries: ColumnSummary[] = [];
  let rows = 0;
  for (let from = 0; from === 0 || from < columns.length; from += columnsAtOnce) {
    const some = columns.slice(from, from + columnsAtOnce);
    // oxlint-disable-next-line no-await-in-loop -- later columns need not wait in the engine
    const [row = []] = await ask(countsSql(table, some));
    const cells = row.map(readNumber);
    rows = cells.shift() ?? 0;
    const found = some.map((column) => ({
      column,
      counts: cells.splice(0, isNumeric(column) ? numberCounts.length : 1),
    }));
    // oxlint-disable-next-line no-await-in-loop -- the same
    const asked = await eachOf(found, atOnce, async ({ column, counts }) => {
      onColumn?.(column.name);
      return await askColumn(ask, table, column, rows, counts);
    });
    summaries.push(...asked);
  }
  return { rows, columns: summaries };
}

/** What comes of each, in order, with so many under way at a time. The first that fails ends all. */
async function eachOf<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  const worker = async (): Promise<void> => {
    // oxlint-disable-next-line no-await-in-loop -- so many workers, no more
    for (const [index, item] of left) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

async function askColumn(
  ask: Ask,
  table: SqlTable,
  column: SqlColumn,
  rows: number,
  found: readonly number[],
): Promise<ColumnSummary> {
  const [values = 0, nans = 0, below = 0, above = 0, min = Number.NaN, max = Number.NaN, least = Number.NaN] = found;
  const { name, holds } = column;
  const nulls = rows - values;
  if (values === 0) return { name, nulls, type: "empty" };
  if (holds === "nested") return { name, nulls, type: holds };
  if (holds === "text" || holds === "boolean")
    return { name, nulls, type: holds, levels: await askLevels(ask, table, column, values) };
  const numbers = await askNumbers(ask, table, column, { values, nans, below, above, min, max, least });
  return { name, nulls, type: holds === "date" || holds === "timestamp" ? "time" : holds, numbers };
}
