import { BinCounts } from "./count/bin-counts.ts";
import { DistinctSketch } from "./distinct-sketch.ts";
import { ExactCounts } from "./count/exact-counts.ts";
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
  #exact: ExactCounts | undefined;
  #binned: BinCounts | undefined;

  constructor(most: number = readBins) {
    this.#most = most;
    // bins are begun with more values than they can hold apart, as their width is nearer to the last one then
    this.#exact = new ExactCounts(2 * most);
  }

  /** Counts the first `length` numbers. */
  take(values: Float64Array, length: number): void {
    let from = 0;
    if (this.#exact !== undefined) {
      from = this.#exact.take(values, length, this.#tally);
      if (this.#exact.size > this.#exact.most) this.#binned = this.#startBins(this.#exact);
    }
    this.#binned?.take(values, from, length, this.#tally);
  }

  /** What was counted; nothing can be counted afterwards. */
  summary(): NumberSummary {
    const { nans, negativeInfinite, positiveInfinite, min, max } = this.#tally;
    const some = min <= max;
    const [low, high] = some ? [min, max] : [Number.NaN, Number.NaN];
    return { nans, negativeInfinite, positiveInfinite, min: low, max: high, ...this.#finishBins() };
  }

  #finishBins(): Pick<NumberSummary, "bins" | "distinct"> {
    if (this.#exact !== undefined && this.#exact.size > this.#most) this.#binned = this.#startBins(this.#exact);
    if (this.#binned !== undefined) return { bins: this.#binned.finish(), distinct: this.#binned.distinct };
    const [bins, distinct] = [new NumberBins(this.#most), new DistinctSketch()];
    const { values, counts } = (this.#exact ?? new ExactCounts(0)).content();
    for (const [index, value] of values.entries()) {
      bins.add(value, counts[index]);
      distinct.add(value);
    }
    return { bins, distinct };
  }

  #startBins(exact: ExactCounts): BinCounts {
    this.#exact = undefined;
    const { values, counts } = exact.content();
    return new BinCounts(this.#most, values, counts);
  }
}
