import { hashWords, type DistinctSketch } from "./distinct-sketch.ts";
import { binOf, coarsestBits, finestBits, widenBin } from "./double-bits.ts";
import { HashCounts } from "./hash-counts.ts";
import { NumberBins } from "./number-bins.ts";

/** Bins of one sign that an array may span; where they are more spread, they are looked up by hash. */
const widestSpan = 2 ** 17;

/**
 * Counts of finite numbers by the upper bits of the double, as `NumberBins` has them once values are too many, and the
 * sketch of how many values. Bins are places of an array that spans those in use, each sign a half of it.
 */
export class BinCounts {
  readonly most: number;
  readonly distinct: DistinctSketch;
  #bits: number;
  /** the least magnitude of a bin in the array, and how many follow; negative bins stand behind the positive ones */
  #base = 0;
  #span = 0;
  #counts = new Float64Array(0);
  /** the bins with a count but for 0, of which there are `#others` */
  #used: Float64Array;
  #others = 0;
  #zeros = 0;
  #sparse: HashCounts | undefined;

  /** From more values than `most`. */
  constructor(most: number, values: Float64Array, counts: Float64Array, distinct: DistinctSketch) {
    this.most = most;
    this.distinct = distinct;
    this.#used = new Float64Array(most + 1);
    this.#bits = fittingBits(values, most);
    this.#load(
      values.map((value) => binOf(value, this.#bits)),
      counts,
    );
  }

  /** Counts the doubles that these words are, lower half first, from the one numbered `start` to `end`: all finite. */
  take(words: Int32Array, start: number, end: number): void {
    let at = start;
    while (at < end) {
      at = this.#sparse !== undefined ? this.#takeSparse(words, at, end) : this.#takeDense(words, at, end);
    }
    for (let limit = this.distinct.limit, next = start; next < end; next++) {
      const low = words[2 * next] ?? 0;
      const high = words[2 * next + 1] ?? 0;
      // -0 counts as 0
      const hash = hashWords(low === 0 && high === -0x80000000 ? 0 : high, low);
      if (hash < limit) {
        this.distinct.addHash(hash);
        limit = this.distinct.limit;
      }
    }
  }

  bins(): NumberBins {
    const result = new NumberBins(this.most);
    const { bins, counts } = this.#content();
    for (const [index, bin] of bins.entries()) result.addBin(bin, this.#bits, counts[index] ?? 0);
    return result;
  }

  /** Answers behind the value after which the array or the bits have changed. */
  #takeDense(words: Int32Array, start: number, end: number): number {
    const [counts, base, span, bits] = [this.#counts, this.#base, this.#span, this.#bits];
    const [shift, scale, lowShift] = [Math.max(0, 20 - bits), 2 ** Math.max(0, bits - 20), 52 - bits];
    for (let at = start; at < end; at++) {
      const high = words[2 * at + 1] ?? 0;
      const magnitude = high & 0x7fffffff;
      if (magnitude < 0x100000) {
        this.#zeros++;
        if (this.#zeros > 1 || this.#others < this.most) continue;
        this.#coarsen();
        return at + 1;
      }
      const prefix = bits <= 20 ? magnitude >>> shift : magnitude * scale + ((words[2 * at] ?? 0) >>> lowShift);
      const offset = prefix - base;
      if (offset >= 0 && offset < span) {
        const place = high < 0 ? offset + span : offset;
        const count = counts[place] ?? 0;
        if (count > 0) {
          counts[place] = count + 1;
          continue;
        }
      }
      this.#add(high < 0 ? -prefix : prefix, 1);
      if (this.#counts !== counts) return at + 1;
    }
    return end;
  }

  #takeSparse(words: Int32Array, start: number, end: number): number {
    const doubles = new Float64Array(words.buffer, words.byteOffset, words.length / 2);
    for (let at = start; at < end; at++) {
      this.#add(binOf(doubles[at] ?? 0, this.#bits), 1);
      if (this.#sparse === undefined) return at + 1;
    }
    return end;
  }

  #add(bin: number, count: number): void {
    if (bin === 0) this.#zeros += count;
    else if (this.#sparse !== undefined) {
      this.#sparse.add(bin, count);
      this.#others = this.#sparse.size;
    } else {
      const offset = Math.abs(bin) - this.#base;
      if (!(offset >= 0 && offset < this.#span)) {
        const { bins, counts } = this.#content();
        this.#load(Float64Array.of(...bins, bin), Float64Array.of(...counts, count));
      } else {
        const place = offset + (bin < 0 ? this.#span : 0);
        const before = this.#counts[place] ?? 0;
        this.#counts[place] = before + count;
        if (before === 0) this.#used[this.#others++] = bin;
      }
    }
    if (this.#others + (this.#zeros > 0 ? 1 : 0) > this.most) this.#coarsen();
  }

  #coarsen(): void {
    do {
      const { bins, counts } = this.#content();
      this.#bits--;
      this.#load(
        bins.map((bin) => widenBin(bin, 1)),
        counts,
      );
    } while (this.#others + (this.#zeros > 0 ? 1 : 0) > this.most && this.#bits > coarsestBits);
  }

  /** Takes these for all there is; the same bin may come twice. */
  #load(bins: Float64Array, counts: Float64Array): void {
    let [low, high] = [Number.POSITIVE_INFINITY, 0];
    for (const bin of bins) {
      const magnitude = Math.abs(bin);
      if (magnitude > high) high = magnitude;
      if (magnitude > 0 && magnitude < low) low = magnitude;
    }
    const width = Math.max(1, high - low + 1);
    this.#sparse = width > widestSpan ? new HashCounts() : undefined;
    // with as much room as there is content, so that it is made seldom while the range grows
    this.#span = this.#sparse === undefined ? Math.min(2 * width, widestSpan) : 0;
    this.#base = high === 0 ? 0 : Math.max(0, low - Math.floor((this.#span - width) / 2));
    this.#counts = new Float64Array(2 * this.#span);
    this.#zeros = 0;
    this.#others = 0;
    for (let index = 0; index < bins.length; index++) {
      const [bin, count] = [bins[index] ?? 0, counts[index] ?? 0];
      if (bin === 0) this.#zeros += count;
      else if (this.#sparse !== undefined) this.#sparse.add(bin, count);
      else {
        const place = Math.abs(bin) - this.#base + (bin < 0 ? this.#span : 0);
        const before = this.#counts[place] ?? 0;
        this.#counts[place] = before + count;
        if (before === 0) this.#used[this.#others++] = bin;
      }
    }
    if (this.#sparse !== undefined) this.#others = this.#sparse.size;
  }

  #content(): { bins: Float64Array; counts: Float64Array } {
    const zero = this.#zeros > 0 ? 1 : 0;
    const bins = new Float64Array(this.#others + zero);
    const counts = new Float64Array(this.#others + zero);
    if (zero === 1) counts[0] = this.#zeros;
    if (this.#sparse !== undefined) {
      this.#sparse.copyTo(bins, counts, zero);
      return { bins, counts };
    }
    for (let index = 0; index < this.#others; index++) {
      const bin = this.#used[index] ?? 0;
      bins[index + zero] = bin;
      counts[index + zero] = this.#counts[Math.abs(bin) - this.#base + (bin < 0 ? this.#span : 0)] ?? 0;
    }
    return { bins, counts };
  }
}

/** The most bits with which values fall into no more bins than `most`: found by halving, as fewer bits join bins. */
function fittingBits(values: Float64Array, most: number): number {
  const finest = values.map((value) => binOf(value, finestBits)).sort();
  let [low, high]: [number, number] = [coarsestBits, finestBits];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (countBins(finest, 2 ** (finestBits - middle)) <= most) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How many bins there are once `width` of them are joined. */
function countBins(sorted: Float64Array, width: number): number {
  let bins = 0;
  let last = Number.NaN;
  for (const bin of sorted) {
    const wide = Math.trunc(bin / width);
    if (wide !== last) bins++;
    last = wide;
  }
  return bins;
}
