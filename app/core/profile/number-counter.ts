import { BinCounts } from "./bin-counts.ts";
import { DistinctSketch } from "./distinct-sketch.ts";
import { ExactCounts } from "./exact-counts.ts";
import { NumberBins, readBins } from "./number-bins.ts";
import type { NumberSummary } from "./table-profile.ts";

/**
 * Counts blocks of numbers: the same `NumberSummary`, exactly, as adding each to `NumberBins` and `DistinctSketch`, but
 * made for many. Expects a little-endian machine, as DuckDB does.
 */
export class NumberCounter {
  readonly #most: number;
  #exact: ExactCounts | undefined;
  #binned: BinCounts | undefined;
  #nans = 0;
  #negativeInfinite = 0;
  #positiveInfinite = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  constructor(most: number = readBins) {
    this.#most = most;
    // bins are begun with more values than they can hold apart, as their width is nearer to the last one then
    this.#exact = new ExactCounts(2 * most);
  }

  /** Counts the first `length` numbers. Those that are not finite are taken out of `values`. */
  take(values: Float64Array, length: number): void {
    const words = new Int32Array(values.buffer, values.byteOffset, length * 2);
    let [min, max, odd] = [this.#min, this.#max, 0];
    for (let at = 0; at < length; at++) {
      const value = values[at] ?? 0;
      // below 0 where the exponent is that of NaN and infinity
      odd |= 0x7fefffff - ((words[2 * at + 1] ?? 0) & 0x7fffffff);
      if (value < min) min = value;
      if (value > max) max = value;
    }
    if (odd < 0) {
      this.take(values, this.#takeOdd(values, length));
      return;
    }
    // -0 counts as 0
    [this.#min, this.#max] = [min + 0, max + 0];
    const from = this.#exact === undefined ? 0 : this.#exact.take(values, 0, length);
    if (this.#exact !== undefined && this.#exact.size > this.#exact.most) this.#startBins(this.#exact);
    this.#binned?.take(words, from, length);
  }

  summary(): NumberSummary {
    if (this.#exact !== undefined && this.#exact.size > this.#most) this.#startBins(this.#exact);
    let [bins, distinct] = [this.#binned?.bins(), this.#binned?.distinct];
    if (bins === undefined || distinct === undefined) {
      [bins, distinct] = [new NumberBins(this.#most), new DistinctSketch()];
      const { values, counts } = (this.#exact ?? new ExactCounts(0)).content();
      for (const [index, value] of values.entries()) {
        bins.add(value, counts[index]);
        distinct.add(value);
      }
    }
    const some = this.#min <= this.#max;
    return {
      nans: this.#nans,
      negativeInfinite: this.#negativeInfinite,
      positiveInfinite: this.#positiveInfinite,
      min: some ? this.#min : Number.NaN,
      max: some ? this.#max : Number.NaN,
      bins,
      distinct,
    };
  }

  #startBins(exact: ExactCounts): void {
    const { values, counts } = exact.content();
    const distinct = new DistinctSketch();
    for (const value of values) distinct.add(value);
    this.#binned = new BinCounts(this.#most, values, counts, distinct);
    this.#exact = undefined;
  }

  /** Counts what is not finite and moves the rest together; answers how many these are. */
  #takeOdd(values: Float64Array, length: number): number {
    let kept = 0;
    for (let at = 0; at < length; at++) {
      const value = values[at] ?? 0;
      if (Number.isFinite(value)) values[kept++] = value;
      else if (value > 0) this.#positiveInfinite++;
      else if (value < 0) this.#negativeInfinite++;
      else this.#nans++;
    }
    return kept;
  }
}
