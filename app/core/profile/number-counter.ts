import { BinCounts } from "./count/bin-counts.ts";
import { DistinctSketch } from "./distinct-sketch.ts";
import { ExactCounts } from "./count/exact-counts.ts";
import { FirstValues, type ValueCounts } from "./count/first-values.ts";
import { kernelMemory } from "./count/kernel.ts";
import { blockValues, layout } from "./count/layout.ts";
import { NumberBins, readBins } from "./number-bins.ts";
import { NumberTally } from "./count/number-tally.ts";
import type { NumberSummary } from "./table-profile.ts";

/**
 * Counts blocks of numbers: the same `NumberSummary`, exactly, as adding each to `NumberBins` and `DistinctSketch`, but
 * made for many. Expects a little-endian machine, as DuckDB does.
 */
export class NumberCounter {
  readonly #most: number;
  readonly #tally = new NumberTally();
  /** the numbers as they came, then by value, then by bin: each while that will do */
  #first: FirstValues | undefined;
  #exact: ExactCounts | undefined;
  #binned: BinCounts | undefined;

  constructor(most: number = readBins) {
    this.#most = most;
    // bins are begun with more values than they can hold apart, as their width is nearer to the last one then
    this.#first = new FirstValues(2 * most);
  }

  /** Counts the first `length` numbers. */
  take(values: Float64Array, length: number): void {
    for (let from = 0; from < length; from += blockValues) {
      const piece = values.subarray(from, Math.min(from + blockValues, length));
      kernelMemory().doubles.set(piece, layout.block / 8);
      this.takeBlock(piece.length);
    }
  }

  /** Counts the first `length` numbers of the kernel's block, `blockValues` at most. */
  takeBlock(length: number): void {
    let from = 0;
    if (this.#first !== undefined) {
      from = this.#first.take(kernelMemory().doubles, length);
      if (!this.#first.isFull) return;
      this.#tellApart(this.#first);
    }
    if (this.#exact !== undefined) {
      from = this.#exact.take(kernelMemory().doubles, from, length, this.#tally);
      if (this.#exact.size > this.#exact.most) this.#startBins(this.#exact.content());
    }
    this.#binned?.takeBlock(from, length, this.#tally);
  }

  /** What was counted; nothing can be counted afterwards. */
  summary(): NumberSummary {
    if (this.#first !== undefined) this.#tellApart(this.#first);
    if (this.#exact !== undefined && this.#exact.size > this.#most) this.#startBins(this.#exact.content());
    const counted = this.#finishBins();
    const { nans, negativeInfinite, positiveInfinite, min, max } = this.#tally;
    const some = min <= max;
    const [low, high] = some ? [min, max] : [Number.NaN, Number.NaN];
    return { nans, negativeInfinite, positiveInfinite, min: low, max: high, ...counted };
  }

  #finishBins(): Pick<NumberSummary, "bins" | "distinct"> {
    if (this.#binned !== undefined) return { bins: this.#binned.finish(this.#tally), distinct: this.#binned.distinct };
    const [bins, distinct] = [new NumberBins(this.#most), new DistinctSketch()];
    const { values, counts } = this.#exact?.content() ?? noValues;
    for (const [index, value] of values.entries()) bins.add(value, counts[index]);
    distinct.addAll(values);
    return { bins, distinct };
  }

  #tellApart(first: FirstValues): void {
    this.#first = undefined;
    const found = first.content(this.#tally);
    if (found.values.length > this.#most) return this.#startBins(found);
    this.#exact = new ExactCounts(first.most);
    this.#exact.add(found);
  }

  #startBins(found: ValueCounts): void {
    this.#exact = undefined;
    this.#binned = new BinCounts(this.#most, found);
  }
}

const noValues: ValueCounts = { values: new Float64Array(0), counts: new Float64Array(0) };
