import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { dialects } from "#core/profile/sql/dialect.ts";
import { DataError } from "#data/data-error.ts";

/**
 * A table as Spark's SQL says it behind FROM: a name (`catalog.schema.table`, parts in backticks where they have dots),
 * or the path of Parquet, with a slash or the ending .parquet. A path that is here is of this machine; others are
 * Spark's to resolve. Throws a DataError.
 */
export function sparkTable(table: string): string {
  const { quote } = dialects.spark;
  if (/^[^`]*\/|\.parquet$/i.test(table)) {
    return `parquet.${quote(existsSync(table) ? `file://${resolve(table)}` : table)}`;
  }
  const parts = table.match(/`(?:[^`]|``)+`|[^.`]+/g) ?? [];
  if (parts.length === 0 || parts.join(".") !== table)
    throw new DataError(
      "bad-value",
      `Cannot read "${table.slice(0, 100)}" of --table: a table is named like sales.orders, or by a path like /data/orders.parquet`,
    );
  return parts.map((part) => (part.startsWith("`") ? part : quote(part))).join(".");
}
