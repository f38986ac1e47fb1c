import { formatCount } from "#core/message/format.ts";
import type { Database } from "#data/open-duckdb.ts";
import { quoteName, quoteText } from "#data/sql-text.ts";
import { rowColumn } from "#data/table/read-table.ts";
import type { Compared } from "./compare-columns.ts";
import { sayRow, type Side } from "./open-side.ts";

const row = quoteName(rowColumn);

/** The first row in which a column of the key is empty, as a sentence. */
export async function findEmptyKey(
  db: Database,
  side: Side,
  at: number,
  key: readonly Compared[],
): Promise<string | undefined> {
  const isEmpty = key.map(({ values }) => `${values[at]} IS NULL`).join(" OR ");
  const found = await db.query(
    `SELECT count(*)::DOUBLE AS n, min(${row})::DOUBLE AS first FROM ${side.view} WHERE ${isEmpty}`,
  );
  const rows = Number(found.get("n")?.[0]);
  if (rows === 0) return undefined;
  const more = rows === 1 ? "" : ` and ${formatCount(rows - 1)} more`;
  return `Key ${sayKey(key)} does not name every row: it is empty in "${sayRow(side, Number(found.get("first")?.[0]))}"${more}`;
}

/** The first key that two rows have, as a sentence. `among`: WHERE, for some rows alone. */
export async function findTwice(
  db: Database,
  side: Side,
  at: number,
  key: readonly Compared[],
  among: string,
): Promise<string | undefined> {
  const keys = key.map(({ values }) => `${values[at]}`);
  const value = `concat_ws(', ', ${keys.map((sql) => `left(${sql}::VARCHAR, 60)`).join(", ")})`;
  const found = await db.query(
    `SELECT any_value(${value}) AS "value", min(${row})::DOUBLE AS first, max(${row})::DOUBLE AS "last" FROM ${side.view} ${among} ` +
      `GROUP BY ${keys.join(", ")} HAVING count(*) > 1 ORDER BY first LIMIT 1`,
  );
  const shown = found.get("value")?.[0];
  if (shown === undefined) return undefined;
  const [first, last] = [Number(found.get("first")?.[0]), Number(found.get("last")?.[0])];
  return `Key ${sayKey(key)} names more than one row: ${quoteText(typeof shown === "string" ? shown : "")} is in "${sayRow(side, first)}" and "${sayRow(side, last)}"`;
}

const sayKey = (key: readonly Compared[]): string => key.map(({ name }) => `"${name.slice(0, 60)}"`).join(", ");
