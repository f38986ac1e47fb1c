import {
  longestLevelBytes,
  readableLevels,
  type ColumnRecord,
  type LevelsRecord,
  type NumbersRecord,
} from "./column-record.ts";
import { DistinctSketch } from "./distinct-sketch.ts";
import { LevelCounts, mostLevels, sampledLevels } from "./level-counts.ts";
import { NumberBins, storedBins } from "./number-bins.ts";
import { packLevels, unpackLevels } from "./packed-levels.ts";
import { packBins, packSketch, unpackBins, unpackSketch } from "./packed-numbers.ts";
import { Unpackable } from "./packed.ts";
import type { ColumnSummary, NumberSummary } from "./table-profile.ts";

/** A column as it is stored. */
export function encodeColumn(column: ColumnSummary): ColumnRecord {
  const { name, nulls } = column;
  if ("numbers" in column) return { name, nulls, type: column.type, numbers: encodeNumbers(column.numbers) };
  if ("levels" in column) return { name, nulls, type: column.type, levels: encodeLevels(column.levels) };
  return { name, nulls, type: column.type };
}

/** A stored column of a table of so many rows. Throws an Unpackable. */
export function decodeColumn(record: ColumnRecord, rows: number): ColumnSummary {
  const { name, nulls } = record;
  const requireRows = (values: number): void => {
    if (record.type === "empty" ? nulls === rows : nulls + values === rows) return;
    throw new Unpackable(`it has ${nulls} nulls and ${values} values of ${rows} rows`);
  };
  if ("numbers" in record) {
    const numbers = decodeNumbers(record.numbers);
    requireRows(numbers.nans + numbers.negativeInfinite + numbers.positiveInfinite + numbers.bins.total);
    return { name, nulls, type: record.type, numbers };
  }
  if ("levels" in record) {
    const levels = decodeLevels(record.levels);
    requireRows(levels.total);
    return { name, nulls, type: record.type, levels };
  }
  if (record.type === "empty") requireRows(0);
  else if (nulls > rows) throw new Unpackable(`it has ${nulls} nulls in ${rows} rows`);
  return { name, nulls, type: record.type };
}

function encodeNumbers({ bins, distinct, min, max, ...odd }: NumberSummary): NumbersRecord {
  const fitted = bins.fitted(storedBins);
  const entries = fitted.entries();
  return {
    ...(odd.nans > 0 ? { nans: odd.nans } : {}),
    ...(odd.negativeInfinite > 0 ? { negativeInfinite: odd.negativeInfinite } : {}),
    ...(odd.positiveInfinite > 0 ? { positiveInfinite: odd.positiveInfinite } : {}),
    ...(Number.isNaN(min) ? {} : { min, max }),
    ...(fitted.isExact
      ? { exact: { values: entries.map(([value]) => value), counts: entries.map(([, count]) => count) } }
      : { bins: { bits: fitted.bits, runs: packBins(fitted), distinct: packSketch(distinct) } }),
  };
}

function decodeNumbers(record: NumbersRecord): NumberSummary {
  const { bins, distinct } = decodeBins(record);
  const { min = Number.NaN, max = Number.NaN } = record;
  if (bins.size === 0 ? !Number.isNaN(min) || !Number.isNaN(max) : !(min <= max))
    throw new Unpackable("its least and greatest value do not fit its values");
  return {
    nans: record.nans ?? 0,
    negativeInfinite: record.negativeInfinite ?? 0,
    positiveInfinite: record.positiveInfinite ?? 0,
    min,
    max,
    bins,
    distinct,
  };
}

function decodeBins({ exact, bins }: NumbersRecord): Pick<NumberSummary, "bins" | "distinct"> {
  if (bins !== undefined && exact === undefined)
    return { bins: unpackBins(bins.runs, bins.bits), distinct: unpackSketch(bins.distinct) };
  if (exact === undefined || bins !== undefined) throw new Unpackable('it needs either "exact" or "bins"');
  if (exact.values.length !== exact.counts.length) throw new Unpackable("it has not as many counts as values");
  const [restored, distinct] = [new NumberBins(storedBins), new DistinctSketch()];
  for (const [index, value] of exact.values.entries()) {
    restored.add(value, exact.counts[index]);
    distinct.add(value);
  }
  if (restored.size !== exact.values.length) throw new Unpackable("a value comes twice");
  return { bins: restored, distinct };
}

function encodeLevels(counts: LevelCounts): LevelsRecord {
  if (counts.depth !== undefined)
    return { packed: packLevels(counts.levels), depth: counts.depth, buckets: [...counts.buckets] };
  if (counts.levels.size > readableLevels) return { packed: packLevels(counts.levels) };
  return { all: [...counts.levels].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)) };
}

function decodeLevels({ all, packed, depth, buckets }: LevelsRecord): LevelCounts {
  if ((depth === undefined) !== (buckets === undefined))
    throw new Unpackable('it needs "depth" and "buckets" together');
  if (all !== undefined && packed === undefined && depth === undefined) {
    const levels = new Map(all);
    if (levels.size !== all.length) throw new Unpackable("a level comes twice");
    return LevelCounts.restore(levels);
  }
  if (all !== undefined || packed === undefined) throw new Unpackable('it needs either "all" or "packed" levels');
  const most = depth === undefined ? mostLevels : sampledLevels;
  return LevelCounts.restore(unpackLevels(packed, most, longestLevelBytes), depth, buckets);
}
