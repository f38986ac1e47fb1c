import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openDuckDb } from "#data/open-duckdb.ts";

/**
 * Writes weeks `from` to `to` of baskets.parquet into a folder as `week-01.csv`, `week-02.csv`, … with the columns
 * household, item and baskets, ordered by household and item: the same bytes on every machine. Returns their paths.
 */
export async function splitWeeks(request: { folder: string; from: number; to: number }): Promise<readonly string[]> {
  mkdirSync(request.folder, { recursive: true });
  const source = join(import.meta.dirname, "baskets.parquet");
  const weeks = Array.from({ length: request.to - request.from + 1 }, (_, index) => request.from + index);
  const fileOf = (week: number) => resolve(request.folder, `week-${String(week).padStart(2, "0")}.csv`);
  const database = await openDuckDb({ reads: [source], writes: weeks.map(fileOf), threads: 1 });
  try {
    await database.query(`create table baskets as from ${quote(database.readable(source))}`);
    for (const week of weeks) {
      const rows = `select household, item, baskets from baskets where week = ${week} order by household, item`;
      await database.query(`copy (${rows}) to ${quote(fileOf(week))} (format csv, header)`);
    }
  } finally {
    await database.close();
  }
  return weeks.map(fileOf);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { from: { type: "string", default: "1" }, to: { type: "string", default: "28" } },
  });
  const [folder] = positionals;
  if (folder === undefined) throw new Error("Usage: node source/split.ts FOLDER [--from 1] [--to 28]");
  await splitWeeks({ folder, from: Number(values.from), to: Number(values.to) });
}
