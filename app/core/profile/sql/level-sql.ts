import { longestLevel, mostLevels, sampledLevels } from "#core/profile/level-counts.ts";
import type { SqlColumn } from "./sql-column.ts";
import type { SqlTable } from "./sql-table.ts";

/** A row for each level, shortened as `shortenLevel` does, with its rows: one more than are kept at the most. */
export function levelsSql(table: SqlTable, column: SqlColumn): string {
  return `SELECT v AS c0, count(*) AS c1 FROM ${levels(table, column)} GROUP BY v LIMIT ${mostLevels + 1}`;
}

/** Rows by the three digits of a level's hash that decide its bucket. */
export function bucketsSql(table: SqlTable, column: SqlColumn): string {
  return `SELECT d AS c0, count(*) AS c1 FROM (SELECT substr(md5(v), 11, 3) AS d FROM ${levels(table, column)}) b GROUP BY d`;
}

/** The levels of the least hashes, with their rows: one more than a sample keeps. */
export function sampleSql(table: SqlTable, column: SqlColumn): string {
  const grouped = `(SELECT v, count(*) AS n FROM ${levels(table, column)} GROUP BY v) g`;
  return `SELECT v AS c0, n AS c1 FROM (SELECT v, n, substr(md5(v), 1, 13) AS h FROM ${grouped}) h ORDER BY h LIMIT ${sampledLevels + 1}`;
}

function levels({ dialect, from }: SqlTable, { name }: SqlColumn): string {
  const short = `CASE WHEN length(v) > ${longestLevel} THEN concat(substr(v, 1, ${longestLevel}), '…', substr(md5(v), 1, 12)) ELSE v END`;
  return `(SELECT ${short} AS v FROM (SELECT ${dialect.text(dialect.quote(name))} AS v FROM ${from}) t WHERE v IS NOT NULL) l`;
}
