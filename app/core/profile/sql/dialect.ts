import type { Holds } from "./sql-column.ts";

/** Where engines differ. Everything else is said in SQL that each of them reads the same. */
export type Dialect = {
  quote(name: string): string;
  double(sql: string): string;
  whole(sql: string): string;
  text(sql: string): string;
  /** Bits that are set in one of two whole numbers. */
  either(a: string, b: string): string;
  /** A whole number, 0 or more, without its lowest bits. */
  drop(sql: string, bits: number): string;
  /** Seconds since 1970, UTC, as a double. */
  seconds: Record<Extract<Holds, "date" | "timestamp">, (sql: string) => string>;
};

const spark: Dialect = {
  quote: (name) => `\`${name.replaceAll("`", "``")}\``,
  double: (sql) => `CAST(${sql} AS DOUBLE)`,
  whole: (sql) => `CAST(${sql} AS BIGINT)`,
  text: (sql) => `CAST(${sql} AS STRING)`,
  either: (a, b) => `(${a} ^ ${b})`,
  drop: (sql, bits) => `shiftright(${sql}, ${bits})`,
  seconds: {
    date: (sql) => `CAST(unix_date(${sql}) AS DOUBLE) * CAST(86400 AS DOUBLE)`,
    timestamp: (sql) => `CAST(unix_micros(CAST(${sql} AS TIMESTAMP)) AS DOUBLE) / CAST(1000000 AS DOUBLE)`,
  },
};

const duckdb: Dialect = {
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  double: (sql) => `CAST(${sql} AS DOUBLE)`,
  whole: (sql) => `CAST(${sql} AS BIGINT)`,
  text: (sql) => `CAST(${sql} AS VARCHAR)`,
  either: (a, b) => `xor(${a}, ${b})`,
  drop: (sql, bits) => `(${sql} >> ${bits})`,
  seconds: {
    date: (sql) => finite(sql, `CAST(datediff('day', DATE '1970-01-01', ${sql}) AS DOUBLE) * 86400`),
    timestamp: (sql) => finite(sql, `CAST(epoch_us(${sql}) AS DOUBLE) / 1000000`),
  },
};

/** DuckDB has times before and after all others. */
function finite(sql: string, seconds: string): string {
  const endless = `CASE WHEN ${sql} > DATE '1970-01-01' THEN CAST('inf' AS DOUBLE) ELSE CAST('-inf' AS DOUBLE) END`;
  return `CASE WHEN isinf(${sql}) THEN ${endless} ELSE ${seconds} END`;
}

export const dialects = { spark, duckdb } as const;
export type DialectName = keyof typeof dialects;
