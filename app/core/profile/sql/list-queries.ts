import { storedBins } from "#core/profile/number-bins.ts";
import { bucketsSql, levelsSql, sampleSql } from "./level-sql.ts";
import { binsSql, countsSql, hashesSql, valuesSql } from "./number-sql.ts";
import { isNumeric, type SqlColumn } from "./sql-column.ts";
import type { SqlTable } from "./sql-table.ts";

/** Where the answers would decide it. */
const [shownBits, shownLimit, shownRows] = [6, 2 ** 32, 65_537];

/** The queries that `profileBySql` may ask, to be read by people: each with what it is for, in a comment. */
export function listQueries(table: SqlTable, columns: readonly SqlColumn[]): string {
  const queries = columns.flatMap((column): string[] => {
    // a name may hold the end of a comment's line
    const name = JSON.stringify(column.name);
    if (column.holds === "nested") return [];
    if (!isNumeric(column))
      return [
        say(`${name}: rows by level`, levelsSql(table, column)),
        say(`${name}, if that were too many: rows by bucket`, bucketsSql(table, column)),
        say(`${name}, and a sample of its levels`, sampleSql(table, column)),
      ];
    return [
      say(`${name}: rows by bin, here of ${shownBits} bits`, binsSql(table, column, shownBits, shownRows)),
      say(`${name}, if those are few: rows by value`, valuesSql(table, column, storedBins + 1)),
      say(`${name}, if values are many: the least hashes`, hashesSql(table, column, shownLimit)),
    ];
  });
  return [say("all columns", countsSql(table, columns)), ...queries].join("\n");
}

function say(what: string, sql: string): string {
  return `-- ${what}\n${sql};\n`;
}
