import { mixWords, type DistinctSketch } from "./distinct-sketch.ts";
import { binOf, coarsestBits, widenBin } from "./double-bits.ts";
import { fittingBits, widestSpan } from "./fitting-bits.ts";
import { HashCounts } from "./hash-counts.ts";
import { NumberBins } from "./number-bins.ts";

/**
 * Counts of finite numbers by the upper bits of the double, as `NumberBins` has them once values are too many, and the
 * sketch of how many values. Bins are places of an array that spans those in use, each sign a half of it; where they are
 * too far apart, they are looked up by hash.
 */
export class BinCounts {
  readonly most: number;
  readonly distinct: DistinctSketch;
  #bits: number;
  /** the least magnitude of a bin in the array, and how many follow; negative bins stand behind the positive ones */
  #base = 0;
  #span = 0;
  #counts: Uint32Array | Float64Array = new Uint32Array(0);
  /** the bins with a count but for 0, of which there are `#others` */
  readonly #used: Float64Array;
  #others = 0;
  #zeros = 0;
  #sparse: HashCounts | undefined;
  #taken: number;
  /** how often places of the array have got another meaning */
  #moves = 0;

  /** From more values than `most`. */
  constructor(most: number, values: Float64Array, counts: Float64Array, distinct: DistinctSketch) {
    this.most = most;
    this.distinct = distinct;
    this.#used = new Float64Array(most + 1);
    this.#bits = fittingBits(values, most);
    this.#taken = counts.reduce((sum, count) => sum + count, 0);
    this.#load(
      values.map((value) => binOf(value, this.#bits)),
      counts,
    );
  }

  /** Counts the doubles that these words are, lower half first, from the one numbered `start` to `end`: all finite. */
  take(words: Int32Array, start: number, end: number): void {
    this.#taken += end - start;
    // a place of 32 bits might run over
    if (this.#taken >= 2 ** 32 && this.#counts instanceof Uint32Array) this.#counts = Float64Array.from(this.#counts);
    let at = start;
    while (at < end)
      at =
        this.#sparse === undefined && this.#bits <= 20 ? this.#takeNear(words, at, end) : this.#takeFar(words, at, end);
    this.#takeHashes(words, start, end);
  }

  bins(): NumberBins {
    const { bins, counts } = this.#content();
    const order = Uint32Array.from(bins.keys()).sort((a, b) => (bins[a] ?? 0) - (bins[b] ?? 0));
    return NumberBins.restore(
      this.most,
      this.#bits,
      Float64Array.from(order, (index) => bins[index] ?? 0),
      Float64Array.from(order, (index) => counts[index] ?? 0),
    );
  }

  /** Bins of the upper word alone, in the array. Answers behind the value after which places or bits have changed. */
  #takeNear(words: Int32Array, start: number, end: number): number {
    const [counts, base, span, shift, moves] = [this.#counts, this.#base, this.#span, 20 - this.#bits, this.#moves];
    for (let at = start; at < end; at++) {
      const high = words[2 * at + 1] ?? 0;
      const magnitude = high & 0x7fffffff;
      const bin = magnitude < 0x100000 ? 0 : magnitude >>> shift;
      const offset = (bin - base) | 0;
      if (offset >= 0 && offset < span && bin > 0) {
        // no branch on the sign, which nobody can foresee
        const place = offset + ((high >> 31) & span);
        const count = counts[place] ?? 0;
        if (count > 0) {
          counts[place] = count + 1;
          continue;
        }
      }
      this.#add(high < 0 ? -bin : bin, 1);
      if (this.#moves !== moves) return at + 1;
    }
    return end;
  }

  /** As `#takeNear`, of any bits. */
  #takeFar(words: Int32Array, start: number, end: number): number {
    const [doubles, moves] = [new Float64Array(words.buffer, words.byteOffset, words.length / 2), this.#moves];
    for (let at = start; at < end; at++) {
      this.#add(binOf(doubles[at] ?? 0, this.#bits), 1);
      if (this.#moves !== moves) return at + 1;
    }
    return end;
  }

  #takeHashes(words: Int32Array, start: number, end: number): void {
    let bits = this.distinct.refusedBits;
    for (let at = start; at < end; at++) {
      const low = words[2 * at] ?? 0;
      const high = words[2 * at + 1] ?? 0;
      // -0 counts as 0
      const hash = mixWords((low | (high & 0x7fffffff)) === 0 ? 0 : high, low);
      if ((hash & bits) !== 0) continue;
      this.distinct.addHash(hash >>> 0);
      bits = this.distinct.refusedBits;
    }
  }

  #add(bin: number, count: number): void {
    const offset = Math.abs(bin) - this.#base;
    if (bin !== 0 && this.#sparse === undefined && !(offset >= 0 && offset < this.#span)) {
      const { bins, counts } = this.#content();
      this.#load(Float64Array.of(...bins, bin), Float64Array.of(...counts, count));
    } else this.#place(bin, count);
    if (this.#others + (this.#zeros > 0 ? 1 : 0) > this.most) this.#coarsen();
  }

  #place(bin: number, count: number): void {
    if (bin === 0) this.#zeros += count;
    else if (this.#sparse !== undefined) {
      this.#sparse.add(bin, count);
      this.#others = this.#sparse.size;
    } else {
      const place = Math.abs(bin) - this.#base + (bin < 0 ? this.#span : 0);
      const before = this.#counts[place] ?? 0;
      this.#counts[place] = before + count;
      if (before === 0) this.#used[this.#others++] = bin;
    }
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
    for (let index = 0; index < bins.length; index++) {
      const magnitude = Math.abs(bins[index] ?? 0);
      if (magnitude > high) high = magnitude;
      if (magnitude > 0 && magnitude < low) low = magnitude;
    }
    const width = Math.max(1, high - low + 1);
    // with as much room as there is content, so that it is made seldom while the range grows
    const span = Math.min(2 * width, widestSpan);
    if (width > widestSpan) this.#sparse = new HashCounts(2 ** Math.ceil(Math.log2(2 * this.most + 2)));
    else if (this.#sparse !== undefined || span > this.#span) {
      this.#sparse = undefined;
      this.#span = span;
      this.#counts = this.#taken < 2 ** 32 ? new Uint32Array(2 * span) : new Float64Array(2 * span);
    } else for (let index = 0; index < this.#others; index++) this.#counts[this.#placeOf(index)] = 0;
    this.#base = high === 0 ? 0 : Math.max(0, low - Math.floor((this.#span - width) / 2));
    this.#zeros = 0;
    this.#others = 0;
    for (let index = 0; index < bins.length; index++) this.#place(bins[index] ?? 0, counts[index] ?? 0);
    this.#moves++;
  }

  #placeOf(used: number): number {
    const bin = this.#used[used] ?? 0;
    return Math.abs(bin) - this.#base + (bin < 0 ? this.#span : 0);
  }

  #content(): { bins: Float64Array; counts: Float64Array } {
    const zero = this.#zeros > 0 ? 1 : 0;
    const bins = new Float64Array(this.#others + zero);
    const counts = new Float64Array(this.#others + zero);
    if (zero === 1) counts[0] = this.#zeros;
    if (this.#sparse !== undefined) this.#sparse.copyTo(bins, counts, zero);
    else {
      for (let index = 0; index < this.#others; index++) {
        bins[index + zero] = this.#used[index] ?? 0;
        counts[index + zero] = this.#counts[this.#placeOf(index)] ?? 0;
      }
    }
    return { bins, counts };
  }
}
