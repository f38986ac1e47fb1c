import type { ColumnSummary, TableProfile } from "#core/profile/table-profile.ts";
import { readNumber, type Ask } from "./answer.ts";
import { askLevels } from "./ask-levels.ts";
import { askNumbers } from "./ask-numbers.ts";
import { countsSql, numberCounts } from "./number-sql.ts";
import { isNumeric, type SqlColumn } from "./sql-column.ts";
import type { SqlTable } from "./sql-table.ts";

/** Columns that one query counts: engines give up on queries that are too long. */
const columnsAtOnce = 50;

/**
 * Profiles a table by queries alone: what is stored of it is what is stored of the same rows profiled here. Throws a
 * BadAnswer where the answers do not fit together.
 */
export async function profileBySql(
  ask: Ask,
  table: SqlTable,
  columns: readonly SqlColumn[],
  onColumn?: (name: string) => void,
): Promise<TableProfile> {
  const summaries: ColumnSummary[] = [];
  let rows = 0;
  for (let from = 0; from === 0 || from < columns.length; from += columnsAtOnce) {
    const some = columns.slice(from, from + columnsAtOnce);
    // oxlint-disable-next-line no-await-in-loop -- an engine uses all of its machines for one query
    const [row = []] = await ask(countsSql(table, some));
    const cells = row.map(readNumber);
    rows = cells.shift() ?? 0;
    for (const column of some) {
      onColumn?.(column.name);
      const found = cells.splice(0, isNumeric(column) ? numberCounts.length : 1);
      // oxlint-disable-next-line no-await-in-loop -- the same
      summaries.push(await askColumn(ask, table, column, rows, found));
    }
  }
  return { rows, columns: summaries };
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
