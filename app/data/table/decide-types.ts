import type { Database } from "#data/open-duckdb.ts";
import { quoteName } from "#data/sql-text.ts";

const offset = "[-+][0-9]{2}(:?[0-9]{2})?";

/** Types a column of text may turn out to have, each with the test that every one of its values must pass. */
const candidates: readonly { type: string; test: (column: string) => string }[] = [
  // a whole number is one only as it would be written again: "007" is a name
  { type: "BIGINT", test: (column) => `try_cast(${column} AS BIGINT)::VARCHAR = ${column}` },
  {
    type: "DOUBLE",
    // more digits than a double has, and no point: they name something
    test: (column) =>
      `isfinite(try_cast(${column} AS DOUBLE)) AND NOT regexp_full_match(${column}, '[-+]?[0-9]{17,}') AND regexp_full_match(${column}, '[-+]?(0|[1-9][0-9]*)?(\\.[0-9]*)?([eE][-+]?[0-9]+)?')`,
  },
  { type: "BOOLEAN", test: (column) => `lower(${column}) IN ('true', 'false')` },
  {
    type: "DATE",
    test: (column) =>
      `try_cast(${column} AS DATE) IS NOT NULL AND regexp_full_match(${column}, '[0-9]{4}-[0-9]{2}-[0-9]{2}')`,
  },
  {
    type: "TIMESTAMP",
    test: (column) =>
      `try_cast(${column} AS TIMESTAMP) IS NOT NULL AND regexp_full_match(${column}, '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.]+Z?')`,
  },
  {
    type: "TIMESTAMP WITH TIME ZONE",
    test: (column) =>
      `try_cast(${column} AS TIMESTAMPTZ) IS NOT NULL AND regexp_full_match(${column}, '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.]+(Z|${offset})')`,
  },
];

/** SQL for the moment that a text names, as a timestamp of UTC: the engine passes over an offset without a word. */
export function momentOf(text: string): string {
  return `CASE WHEN regexp_matches(${text}, ':[0-9.]+${offset}$') THEN timezone('UTC', try_cast(${text} AS TIMESTAMPTZ)) ELSE try_cast(${text} AS TIMESTAMP) END`;
}

/** SQL that is true for a text that is a value of one of these types, and never null. */
export function isOfType(column: string, types: readonly string[]): string {
  const tests = candidates.filter(({ type }) => types.includes(type)).map(({ test }) => test(column));
  return `coalesce(${tests.join(" OR ")}, false)`;
}

/** The one type that all values of a text column have, a column each, decided from every value. Text where none fits. */
export async function decideTypes(
  db: Database,
  table: string,
  columns: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const types = new Map<string, string>();
  for (const { type, test } of candidates) {
    const open = columns.filter((column) => !types.has(column));
    if (open.length === 0) break;
    const tests = open.map((column, index) => {
      const name = quoteName(column);
      // no FILTER: for each aggregate with one the engine holds room for all columns, 23 GB where they are 5,000
      return `coalesce(bool_and(CASE WHEN ${name} IS NOT NULL THEN coalesce(${test(name)}, false) END), false) AS "${index}"`;
    });
    const found = await db.query(`SELECT ${tests.join(", ")} FROM ${quoteName(table)}`);
    for (const [index, column] of open.entries()) if (found.get(String(index))?.[0] === true) types.set(column, type);
  }
  for (const column of columns) if (!types.has(column)) types.set(column, "VARCHAR");
  return types;
}
