import { DistinctSketch, keptHashes } from "#core/profile/distinct-sketch.ts";
import { allBits, binOf, coarsestBits, finestBits } from "#core/profile/double-bits.ts";
import { NumberBins, storedBins } from "#core/profile/number-bins.ts";
import type { NumberSummary } from "#core/profile/table-profile.ts";
import { readNumber, requireRows, type Ask } from "./answer.ts";
import { binsSql, hashesSql, valuesSql } from "./number-sql.ts";
import type { SqlColumn } from "./sql-column.ts";
import type { SqlTable } from "./sql-table.ts";

/** What the first query tells of a column of numbers; NaN where there is none. */
export type NumberCounts = {
  values: number;
  nans: number;
  below: number;
  above: number;
  min: number;
  max: number;
  least: number;
};

/** The most bins that a query may answer: they are made fewer here, which saves queries. */
const widestAnswer = 65_536;

/** The summary of one column of numbers, with bins for storage, in two to four queries where values are spread as most are. */
export async function askNumbers(
  ask: Ask,
  table: SqlTable,
  column: SqlColumn,
  counts: NumberCounts,
): Promise<NumberSummary> {
  const { nans, below, above, min, max } = counts;
  const total = counts.values - nans - below - above;
  const bins = await askBins(ask, table, column, counts, total);
  requireRows(column.name, total, bins.total);
  const distinct = bins.isExact ? sketchOf(bins) : await askSketch(ask, table, column, total);
  return { nans, negativeInfinite: below, positiveInfinite: above, min: min + 0, max: max + 0, bins, distinct };
}

async function askBins(
  ask: Ask,
  table: SqlTable,
  column: SqlColumn,
  { min, max, least }: NumberCounts,
  total: number,
): Promise<NumberBins> {
  if (total === 0) return new NumberBins(storedBins);
  const values = async (): Promise<NumberBins | undefined> => {
    const found = await ask(valuesSql(table, column, storedBins + 1));
    return found.length > storedBins ? undefined : restore(allBits, found);
  };
  let exact = column.holds === "integer" && max - min < storedBins ? await values() : undefined;
  if (exact !== undefined) return exact;
  // the finest bits that fit are looked for between what is known to fit and what is known not to
  let [low, high, fit] = [coarsestBits - 1, finestBits + 1, undefined as NumberBins | undefined];
  let bits = firstBits(min, max, least);
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- each answer decides what is asked next
    const found = await ask(binsSql(table, column, bits, widestAnswer + 1));
    if (found.length > widestAnswer) high = bits;
    else {
      const bins = restore(bits, found);
      if (found.length > storedBins) return bins;
      // so few may be all there are
      // oxlint-disable-next-line no-await-in-loop -- asked once
      exact = fit === undefined ? await values() : undefined;
      if (exact !== undefined) return exact;
      [low, fit] = [bits, bins];
    }
    if (high - low <= 1 && fit !== undefined) return fit;
    bits = Math.floor((low + high) / 2);
  }
}

/** The finest bits with which no more bins can lie between these magnitudes than an answer may have. */
function firstBits(min: number, max: number, least: number): number {
  const highest = Math.max(Math.abs(min), Math.abs(max));
  let bits: number = finestBits;
  if (Number.isNaN(least)) return bits;
  const signs = min < 0 && max > 0 ? 2 : 1;
  while (bits > coarsestBits && signs * (binOf(highest, bits) - binOf(least, bits) + 1) >= widestAnswer) bits--;
  return bits;
}

function restore(bits: number, rows: readonly (readonly unknown[])[]): NumberBins {
  // a Map has one 0 only
  const counts = new Map<number, number>();
  for (const [key, count] of rows) {
    const number = readNumber(key);
    counts.set(number, (counts.get(number) ?? 0) + readNumber(count));
  }
  const keys = Float64Array.from(counts.keys()).sort();
  return NumberBins.restore(
    storedBins,
    bits,
    keys,
    keys.map((key) => counts.get(key) ?? 0),
  );
}

function sketchOf(bins: NumberBins): DistinctSketch {
  const sketch = new DistinctSketch();
  for (const [value] of bins.entries()) sketch.add(value);
  return sketch;
}

/** Asks for hashes below a limit that is raised until there are enough, so that few leave the machines they are made on. */
async function askSketch(ask: Ask, table: SqlTable, column: SqlColumn, total: number): Promise<DistinctSketch> {
  const all = 2 ** 32;
  for (let limit = Math.min(all, Math.ceil((all * 4 * keptHashes) / total)); ; limit = Math.min(all, limit * 64)) {
    // oxlint-disable-next-line no-await-in-loop -- most often the first is enough
    const found = (await ask(hashesSql(table, column, limit))).map(([hash]) => readNumber(hash));
    // the last may stand for all that are not below the limit
    const hashes = found.filter((hash) => !Number.isNaN(hash));
    if (hashes.length <= keptHashes && limit < all) continue;
    const sketch = new DistinctSketch();
    for (const hash of hashes) sketch.addHash(hash);
    return sketch;
  }
}
