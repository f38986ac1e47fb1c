import type { Database } from "#data/open-duckdb.ts";
import { quoteName } from "#data/sql-text.ts";

const offset = "[-+][0-9]{2}(:?[0-9]{2})?";

/**
 * Types a column of text may turn out to have, each with the test that every one of its values must pass. `beside`: what
 * does so beside such values, and is a name among itself.
 */
type Candidate = { type: string; test: (column: string) => string; beside?: (column: string) => string };

const candidates: readonly Candidate[] = [
  // a whole number is one only as it would be written again: "007" is a name
  { type: "BIGINT", test: (column) => `try_cast(${column} AS BIGINT)::VARCHAR = ${column}` },
  {
    type: "DOUBLE",
    // more digits than a double has, and no point: they name something
    test: (column) =>
      `isfinite(try_cast(${column} AS DOUBLE)) AND NOT regexp_full_match(${column}, '[-+]?[0-9]{17,}') AND regexp_full_match(${column}, '[-+]?(0|[1-9][0-9]*)?(\\.[0-9]*)?([eE][-+]?[0-9]+)?')`,
    beside: (column) => `regexp_full_match(${column}, '(?i)[-+]?inf(inity)?|nan')`,
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
  const tests = candidates
    .filter(({ type }) => types.includes(type))
    .flatMap(({ test, beside }) => (beside === undefined ? [test(column)] : [test(column), beside(column)]));
  return `coalesce(${tests.join(" OR ")}, false)`;
}

/** Most columns are no numbers by their first rows already, and need not be read to their end to tell. */
const firstRows = 2_048;

/** The one type that all values of a text column have, a column each, decided from every value. Text where none fits. */
export async function decideTypes(
  db: Database,
  table: string,
  columns: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const types = new Map<string, string>();
  const [first, all] = [`(FROM ${quoteName(table)} LIMIT ${firstRows})`, quoteName(table)];
  for (const candidate of candidates) {
    const open = columns.filter((column) => !types.has(column));
    const perhaps = await findFitting(db, first, open, candidate, "or-empty");
    for (const column of await findFitting(db, all, perhaps, candidate)) types.set(column, candidate.type);
  }
  for (const column of columns) if (!types.has(column)) types.set(column, "VARCHAR");
  return types;
}

/** The columns all of whose values pass the test of a type. `or-empty`: those without a value as well. */
async function findFitting(
  db: Database,
  from: string,
  columns: readonly string[],
  { test, beside }: Candidate,
  empty?: "or-empty",
): Promise<readonly string[]> {
  if (columns.length === 0) return [];
  const tests = columns.map((column, index) => {
    const name = quoteName(column);
    const value = `coalesce(${test(name)}, false)`;
    const each = beside === undefined ? value : `(${value} OR ${beside(name)})`;
    // no FILTER: for each aggregate with one the engine holds room for all columns, 23 GB where they are 5,000
    const every = `bool_and(CASE WHEN ${name} IS NOT NULL THEN ${each} END)`;
    return `${empty === undefined ? `coalesce(${every} AND bool_or(${value}), false)` : `coalesce(${every}, true)`} AS "${index}"`;
  });
  const found = await db.query(`SELECT ${tests.join(", ")} FROM ${from}`);
  return columns.filter((_, index) => found.get(String(index))?.[0] === true);
}
