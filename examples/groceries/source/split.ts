import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";

/**
 * Writes weeks `from` to `to` of baskets.parquet into a folder as `week-01.csv`, `week-02.csv`, … with the columns
 * household, item and baskets, ordered by household and item: the same bytes on every machine.
 */
export async function splitWeeks(request: { folder: string; from: number; to: number }): Promise<readonly string[]> {
  mkdirSync(request.folder, { recursive: true });
  const source = quote(join(import.meta.dirname, "baskets.parquet"));
  const database = await DuckDBInstance.create(":memory:");
  const connection = await database.connect();
  try {
    await connection.run("set threads = 1");
    await connection.run(`create table baskets as from ${source} where week between ${request.from} and ${request.to}`);
    const files: string[] = [];
    for (let week = request.from; week <= request.to; week++) {
      const file = join(request.folder, `week-${String(week).padStart(2, "0")}.csv`);
      await connection.run(
        `copy (select household, item, baskets from baskets where week = ${week} order by household, item) to ${quote(file)} (format csv, header)`,
      );
      files.push(file);
    }
    return files;
  } finally {
    connection.closeSync();
    database.closeSync();
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { from: { type: "string" }, to: { type: "string" } },
  });
  const [folder] = positionals;
  if (folder === undefined) throw new Error("Usage: node source/split.ts FOLDER [--from 1] [--to 28]");
  await splitWeeks({ folder, from: Number(values.from ?? 1), to: Number(values.to ?? 28) });
}
