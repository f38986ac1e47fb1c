import { hashBuckets, hashLevel, type LevelCounts } from "#core/profile/level-counts.ts";
import type { ColumnSummary } from "#core/profile/table-profile.ts";
import { pairCounts, type CountPairs } from "#core/statistics/pair-counts.ts";

/** Rows by level on both sides. */
export type LevelPair = {
  /** the reference first; where levels are sampled, of those in the sample of both sides */
  counts: CountPairs;
  /** rows with a level */
  totals: readonly [number, number];
  /** what the test of the mix goes by: the levels, or buckets of levels where they are sampled */
  mix: CountPairs;
  /** the share of all levels that `counts` holds: 1 if all */
  sampled: number;
};

/** Levels of names, or of numbers that are named by their value. undefined: too many different numbers to name. */
export function pairLevels(sides: readonly [ColumnSummary, ColumnSummary]): LevelPair | undefined {
  const [a, b] = sides.map(levelsOf);
  if (a === undefined || b === undefined) return undefined;
  const totals = [a.total, b.total] as const;
  if (a.depth === undefined && b.depth === undefined) {
    const counts = pairCounts(a.levels, b.levels);
    return { counts, totals, mix: counts, sampled: 1 };
  }
  const depth = Math.max(a.depth ?? 0, b.depth ?? 0);
  const limit = 2 ** (52 - depth);
  const sample = ({ levels }: Levels): ReadonlyMap<string, number> =>
    new Map([...levels].filter(([level]) => hashLevel(level) < limit));
  const mix = pairCounts(bucketsOf(a), bucketsOf(b));
  return { counts: pairCounts(sample(a), sample(b)), totals, mix, sampled: 2 ** -depth };
}

type Levels = Pick<LevelCounts, "levels" | "depth" | "buckets" | "total">;

function levelsOf(column: ColumnSummary): Levels | undefined {
  if ("levels" in column) return column.levels;
  const named = (levels: ReadonlyMap<string, number>): Levels => ({
    levels,
    depth: undefined,
    buckets: new Float64Array(0),
    total: levels.values().reduce((sum, count) => sum + count, 0),
  });
  if (!("numbers" in column)) return named(new Map());
  const { bins } = column.numbers;
  return bins.isExact ? named(new Map(bins.entries().map(([value, count]) => [String(value), count]))) : undefined;
}

function bucketsOf({ levels, depth, buckets }: Levels): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  if (depth !== undefined) for (const [bucket, count] of buckets.entries()) counts.set(String(bucket), count);
  else
    for (const [level, count] of levels) {
      const bucket = String(hashLevel(level) % hashBuckets);
      counts.set(bucket, (counts.get(bucket) ?? 0) + count);
    }
  return counts;
}
