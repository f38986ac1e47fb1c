import type { Database } from "#data/open-duckdb.ts";
import { quoteName } from "#data/sql-text.ts";
import { fileColumn, rowColumn, type ColumnType } from "#data/table/read-table.ts";
import type { Look } from "./look.ts";

type Repeats = Extract<Look, { form: "repeats" }>;
export type RowsLook = Exclude<Look, { form: "total" | "columns" }>;

/** a set of bits is cheaper than a table of values as long as it is not much longer than the rows are many */
const bitsPerRow = 32n;
const mostBits = 1n << 28n;

/** Whether any row may break what cannot be told from single rows. A false alarm is possible, a miss is not. */
export async function mayBreak(db: Database, look: RowsLook, values: readonly unknown[]): Promise<boolean> {
  switch (look.form) {
    case "rows":
      return Number(values[1]) > 0;
    case "repeats":
      if (Number(values[0]) === 0) return false;
      return (await countDistinct(db, look, values)) < Number(values[0]);
    case "order":
      return (await count(db, `SELECT count(*)::DOUBLE AS n FROM (${selectFailing(look)})`)) > 0;
    case "strangers":
      return Number(values[0]) > 0;
  }
}

async function countDistinct(db: Database, look: Repeats, [of]: readonly unknown[]): Promise<number> {
  const names = look.columns.map(({ name }) => quoteName(name));
  const [name = ""] = names;
  const rows = `FROM data AS rows WHERE ${presentIn(look)}`;
  if (look.whole) {
    const found = await db.query(`SELECT min(${name})::VARCHAR AS low, max(${name})::VARCHAR AS high ${rows}`);
    const [low, high] = [found.get("low")?.[0], found.get("high")?.[0]];
    if (typeof low !== "string" || typeof high !== "string") return 0;
    const bits = BigInt(high) - BigInt(low) + 1n;
    const type = look.columns[0]?.type ?? "BIGINT";
    const list = `bitstring_agg(${name}, ${low}::${type}, ${high}::${type})`;
    if (bits < mostBits && bits <= bitsPerRow * BigInt(Number(of)))
      return await count(db, `SELECT bit_count(${list})::DOUBLE AS n ${rows}`);
  }
  // equal values have equal hashes: as many hashes as rows prove that no two are equal
  return await count(db, `SELECT count(*)::DOUBLE AS n FROM (SELECT DISTINCT hash(${names.join(", ")}) ${rows})`);
}

async function count(db: Database, sql: string): Promise<number> {
  return Number((await db.query(sql)).get("n")?.[0] ?? 0);
}

/** A SELECT of the rows that break what is looked at: file, row and what is shown of it as "trainyard value". */
export function selectFailing(look: RowsLook): string {
  const place = `${quoteName(fileColumn)}, ${quoteName(rowColumn)}`;
  const speaks = look.where ?? "true";
  switch (look.form) {
    case "rows":
      return `SELECT ${place}, ${look.shown} AS "trainyard value" FROM data AS rows WHERE ${speaks} AND (${look.failing})`;
    case "order": {
      const before = `SELECT ${place}, ${look.column} AS v, lag(${look.column}) OVER () AS p FROM data AS rows WHERE ${look.column} IS NOT NULL AND ${speaks}`;
      return `SELECT ${place}, left(v::VARCHAR, 100) || ' after ' || left(p::VARCHAR, 90) AS "trainyard value" FROM (${before}) WHERE ${look.breaks}`;
    }
    case "strangers":
      return `SELECT ${place}, left(${look.counted}::VARCHAR, 200) AS "trainyard value" FROM data AS rows WHERE ${look.counted} IS NOT NULL AND ${speaks} AND ${look.stranger}`;
    case "repeats": {
      const names = look.columns.map(({ name }) => quoteName(name));
      const twice = `SELECT ${names.map((name, index) => `${name} AS k${index}`).join(", ")} FROM data AS rows WHERE ${presentIn(look)} GROUP BY ALL HAVING count(*) > 1`;
      const same = names.map((name, index) => `d.${name} IS NOT DISTINCT FROM k.k${index}`).join(" AND ");
      const rows = `SELECT ${place}, ${[...new Set(names)].join(", ")} FROM data AS rows WHERE ${presentIn(look)}`;
      return `SELECT d.${quoteName(fileColumn)}, d.${quoteName(rowColumn)}, ${showKey(look.columns)} AS "trainyard value" FROM (${rows}) AS d SEMI JOIN (${twice}) AS k ON (${same})`;
    }
  }
}

/** A SELECT of so many values that fail most often in a column: grouped and cut before they are made text. */
export function selectCounts(
  { counted, failing, where, shown }: Extract<Look, { form: "rows" }>,
  most: number,
): string {
  return `SELECT ${shown} AS "trainyard value", n FROM (SELECT ${counted}, count(*)::DOUBLE AS n FROM data AS rows WHERE ${where ?? "true"} AND (${failing}) GROUP BY 1 ORDER BY n DESC, 1 LIMIT ${most})`;
}

/** One column's empty cells are no values; of several columns they are values like others. */
function presentIn(look: Repeats): string {
  const present = look.counted === undefined ? "true" : `${look.counted} IS NOT NULL`;
  return `${present} AND ${look.where ?? "true"}`;
}

function showKey(columns: readonly ColumnType[]): string {
  const shown = columns
    .slice(0, 4)
    .map(({ name }) => `left(coalesce(d.${quoteName(name)}::VARCHAR, '(empty)'), ${columns.length === 1 ? 200 : 60})`);
  return shown.join(` || ', ' || `);
}
