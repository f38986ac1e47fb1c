import type { Dialect } from "./dialect.ts";
import type { SqlColumn } from "./sql-column.ts";

/** A table as SQL says it behind FROM, in a dialect. */
export type SqlTable = { dialect: Dialect; from: string };

/** The numbers of a column as doubles. */
export function numberOf({ dialect }: SqlTable, { name, holds }: SqlColumn): string {
  const sql = dialect.quote(name);
  return holds === "date" || holds === "timestamp" ? dialect.seconds[holds](sql) : dialect.double(sql);
}
