import type { Database } from "#data/open-duckdb.ts";
import { quoteName } from "#data/sql-text.ts";
import { countIf } from "./row-sql.ts";
import type { Look } from "./look.ts";
import type { Measured } from "./measure.ts";

/** `breaks`: SQL over a value v and the one before it, p. */
type Ask = { look: Look; column: string; breaks: string };

const triedRows = 5_000;
const sortable = /INT|^DATE$|^TIMESTAMP/;

/**
 * The looks that hold as a column is in order: those that ask for an order, and keys of which one column only ever
 * rises, as in most tables of events. One pass over all these columns costs less than one table of their values.
 */
export async function findOrdered(
  db: Database,
  rows: number,
  looks: readonly Look[],
  measured: ReadonlyMap<Look, Measured>,
): Promise<ReadonlySet<Look>> {
  const orders: Ask[] = [];
  const keys: Ask[] = [];
  for (const look of looks) {
    const found = measured.get(look);
    if (look.where !== undefined || found?.kind !== "values") continue;
    // an order is that of the values there are: empty cells are left out by a look of its own
    if (look.form === "order" && Number(found.values[0]) === rows)
      orders.push({ look, column: look.column, breaks: look.breaks });
    if (look.form === "repeats")
      for (const { name, type } of look.columns)
        if (sortable.test(type)) keys.push({ look, column: quoteName(name), breaks: "v <= p" });
  }
  const likely = await keepUnbroken(db, keys, `(FROM data LIMIT ${triedRows})`);
  return new Set((await keepUnbroken(db, [...orders, ...likely], "data")).map(({ look }) => look));
}

async function keepUnbroken(db: Database, asks: readonly Ask[], from: string): Promise<readonly Ask[]> {
  if (asks.length === 0) return [];
  const columns = [...new Set(asks.map(({ column }) => column))];
  const name = (column: string, letter: string): string => `"trainyard ${letter}${columns.indexOf(column)}"`;
  const list = columns.map(
    (column) => `${column} AS ${name(column, "v")}, lag(${column}) OVER () AS ${name(column, "p")}`,
  );
  const counts = asks.map(({ column, breaks }, index) => {
    const broken = breaks.replace(/\b[vp]\b/g, (letter) => name(column, letter));
    return `${countIf(broken)}::DOUBLE AS "trainyard ${index}"`;
  });
  // an empty cell is no step down, and no step up
  const empty = columns.map((column) => `(count(*) - count(${name(column, "v")}))::DOUBLE AS ${name(column, "e")}`);
  const found = await db.query(
    `SELECT ${[...counts, ...empty].join(", ")} FROM (SELECT ${list.join(", ")} FROM ${from})`,
  );
  const isZero = (key: string): boolean => Number(found.get(key)?.[0]) === 0;
  return asks.filter(
    ({ column }, index) => isZero(`trainyard ${index}`) && isZero(`trainyard e${columns.indexOf(column)}`),
  );
}
