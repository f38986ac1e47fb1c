import { hashBuckets, hashLevel, LevelCounts, mostLevels, sampledLevels } from "#core/profile/level-counts.ts";
import { BadAnswer, readNumber, readText, requireRows, type Ask } from "./answer.ts";
import { bucketsSql, levelsSql, sampleSql } from "./level-sql.ts";
import type { SqlColumn } from "./sql-column.ts";
import type { SqlTable } from "./sql-table.ts";

/** Rows by level of one column of names, of which so many have one. */
export async function askLevels(ask: Ask, table: SqlTable, column: SqlColumn, values: number): Promise<LevelCounts> {
  const levels = readLevels(await ask(levelsSql(table, column)));
  const counts = levels.size > mostLevels ? await askSample(ask, table, column) : LevelCounts.restore(levels);
  requireRows(column.name, values, counts.total);
  return counts;
}

async function askSample(ask: Ask, table: SqlTable, column: SqlColumn): Promise<LevelCounts> {
  const buckets = Array.from({ length: hashBuckets }, () => 0);
  for (const [digits, count] of await ask(bucketsSql(table, column))) {
    const bucket = Number.parseInt(readText(digits), 16) % hashBuckets;
    buckets[bucket] = (buckets[bucket] ?? 0) + readNumber(count);
  }
  const sample = readLevels(await ask(sampleSql(table, column)));
  const hashes = new Map([...sample.keys()].map((level) => [level, hashLevel(level)]));
  let depth = 0;
  const fits = (): boolean =>
    hashes
      .values()
      .filter((hash) => hash < 2 ** (52 - depth))
      .toArray().length <= sampledLevels;
  while (!fits()) depth++;
  for (const [level, hash] of hashes) if (hash >= 2 ** (52 - depth)) sample.delete(level);
  return LevelCounts.restore(sample, depth, buckets);
}

function readLevels(rows: readonly (readonly unknown[])[]): Map<string, number> {
  const levels = new Map(rows.map(([level, count]) => [readText(level), readNumber(count)]));
  if (levels.size !== rows.length) throw new BadAnswer("The engine answered a level twice");
  return levels;
}
