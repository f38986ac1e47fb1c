import { quoteName, quoteText } from "#data/sql-text.ts";
import type { Pair } from "./generate.ts";

/** Has DuckDB read every column of both sides and add it up: texts by length, times by the least and greatest. */
export async function sumAll({ reference, current }: Pair): Promise<void> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { threads: "2", memory_limit: "700MB" });
  const connection = await instance.connect();
  for (const path of [reference, current]) {
    const file = `read_parquet([${quoteText(path)}])`;
    const described = await connection.runAndReadAll(`SELECT column_name, column_type FROM (DESCRIBE FROM ${file})`);
    const sums = described.getRows().map(([name, type]) => {
      const column = quoteName(String(name));
      if (type === "VARCHAR") return `sum(length(${column}))`;
      return type === "TIMESTAMP" ? `min(${column}), max(${column})` : `sum(${column})`;
    });
    await connection.runAndReadAll(`SELECT ${sums.join(", ")} FROM ${file}`);
  }
  connection.closeSync();
  instance.closeSync();
}
