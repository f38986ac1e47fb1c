import type { Database } from "#data/open-duckdb.ts";
import { quoteName } from "#data/sql-text.ts";

/** Types a column of text may turn out to have, narrowest first, each with the test that every value must pass. */
const candidates: readonly { type: string; test: (column: string) => string }[] = [
  // a whole number is one only as it would be written again: "007" is a name
  { type: "BIGINT", test: (column) => `try_cast(${column} AS BIGINT)::VARCHAR = ${column}` },
  {
    type: "DOUBLE",
    test: (column) =>
      `regexp_full_match(${column}, '[-+]?(0|[1-9][0-9]*)?(\\.[0-9]*)?([eE][-+]?[0-9]+)?') AND isfinite(try_cast(${column} AS DOUBLE))`,
  },
  { type: "BOOLEAN", test: (column) => `lower(${column}) IN ('true', 'false')` },
  {
    type: "DATE",
    test: (column) =>
      `regexp_full_match(${column}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND try_cast(${column} AS DATE) IS NOT NULL`,
  },
  {
    type: "TIMESTAMP",
    test: (column) =>
      `regexp_full_match(${column}, '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.]+Z?') AND try_cast(${column} AS TIMESTAMP) IS NOT NULL`,
  },
];

/** The one type that all values of a text column have, a column each, decided from every value. Text where none fits. */
export async function decideTypes(
  db: Database,
  table: string,
  columns: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const tests = columns.flatMap((column, index) =>
    candidates.map(
      ({ test }, rank) =>
        `coalesce(bool_and(coalesce(${test(quoteName(column))}, false)) FILTER (${quoteName(column)} IS NOT NULL), false) AS "${index} ${rank}"`,
    ),
  );
  const found =
    columns.length === 0
      ? new Map<string, readonly unknown[]>()
      : await db.query(`SELECT ${tests.join(", ")} FROM ${quoteName(table)}`);
  return new Map(
    columns.map((column, index) => {
      const rank = candidates.findIndex((_, at) => found.get(`${index} ${at}`)?.[0] === true);
      return [column, candidates[rank]?.type ?? "VARCHAR"];
    }),
  );
}
