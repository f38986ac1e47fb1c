import { DistinctSketch, hashNumber } from "#core/profile/distinct-sketch.ts";
import { binOf, coarsestBits, widenBin } from "#core/profile/double-bits.ts";
import { fittingBits, widestSpan } from "./fitting-bits.ts";
import { HashCounts } from "./hash-counts.ts";
import { blockBytes, foundHash, giveBack, kernelMemory, runKernel, takeRoom } from "./kernel.ts";
import { NumberBins } from "#core/profile/number-bins.ts";
import type { NumberTally } from "./number-tally.ts";

/**
 * Counts of numbers by the upper bits of the double, as `NumberBins` has them once values are too many, and the sketch of
 * how many values. Bins are places of an array that spans those in use, each sign a half of it; where they are too far
 * apart, they are looked up by hash.
 */
export class BinCounts {
  readonly most: number;
  readonly distinct = new DistinctSketch();
  #bits: number;
  /** the least magnitude of a bin in the array, and how many follow; negative bins stand behind the positive ones */
  #base = 0;
  #span = 0;
  /** where in the kernel's memory the array is */
  #room = 0;
  /** the bins with a count but for 0, of which there are `#others` */
  readonly #used: Float64Array;
  #others = 0;
  #zeros = 0;
  #sparse: HashCounts | undefined;
  readonly #mostRows: number;
  #rows = 0;
  #before: NumberBins | undefined;

  /** From more values than `most`. `mostRows`: what a count holds. */
  constructor(most: number, values: Float64Array, counts: Float64Array, mostRows = 2 ** 32 - 1) {
    this.most = most;
    this.#mostRows = mostRows;
    this.#used = new Float64Array(most + 1);
    this.#bits = fittingBits(values, most);
    for (const value of values) this.distinct.add(value);
    for (const count of counts) this.#rows += count;
    this.#load(
      values.map((value) => binOf(value, this.#bits)),
      counts,
    );
  }

  /** Counts the values from `start` to `end`, and what is not finite, least and greatest into `tally`. */
  take(values: Float64Array, start: number, end: number, tally: NumberTally): void {
    const mostValues = blockBytes / 8;
    for (let from = start; from < end; from += mostValues) {
      const length = Math.min(end - from, mostValues);
      this.#rows += length;
      if (this.#rows > this.#mostRows) this.#beginAgain(length);
      kernelMemory().doubles.set(values.subarray(from, from + length));
      for (let at = 0; at < length; at++) {
        if (this.#sparse === undefined && this.#bits <= 20) at = this.#run(at, length, tally);
        if (at < length) this.#takeOne(kernelMemory().doubles[at] ?? 0, tally);
      }
    }
  }

  /** What was counted; nothing can be counted afterwards. */
  finish(): NumberBins {
    const bins = this.#before === undefined ? this.#bins() : this.#before.merged(this.#bins());
    if (this.#span > 0) giveBack(this.#room, 2 * this.#span);
    this.#span = 0;
    this.#others = 0;
    return bins;
  }

  /** All that has a count already; answers where it stopped. */
  #run(first: number, last: number, tally: NumberTally): number {
    const about = { room: this.#room, base: this.#base, span: this.#span, shift: 20 - this.#bits };
    const { refusedBits: refused } = this.distinct;
    const ran = runKernel(first, last, { ...about, refused, zeroKnown: this.#zeros > 0 }, tally.min, tally.max);
    [tally.min, tally.max] = [ran.min, ran.max];
    tally.nans += ran.nans;
    // a 0 that is counted here is not the first
    if (this.#zeros > 0) this.#zeros += ran.zeros;
    for (let index = 0; index < ran.hashes; index++) this.distinct.addHash(foundHash(index));
    return ran.at;
  }

  #takeOne(value: number, tally: NumberTally): void {
    if (!tally.take(value)) return;
    this.distinct.addHash(hashNumber(value));
    this.#add(binOf(value, this.#bits), 1);
  }

  #beginAgain(rows: number): void {
    this.#before = this.#before === undefined ? this.#bins() : this.#before.merged(this.#bins());
    this.#rows = rows;
    this.#load(new Float64Array(0), new Float64Array(0));
  }

  #bins(): NumberBins {
    const { bins, counts } = this.#content();
    const order = Uint32Array.from(bins.keys()).sort((a, b) => (bins[a] ?? 0) - (bins[b] ?? 0));
    return NumberBins.restore(
      this.most,
      this.#bits,
      Float64Array.from(order, (index) => bins[index] ?? 0),
      Float64Array.from(order, (index) => counts[index] ?? 0),
    );
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
      const place = this.#placeOf(bin);
      const { counts } = kernelMemory();
      const before = counts[place] ?? 0;
      counts[place] = before + count;
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
    const span = Math.min(2 ** Math.ceil(Math.log2(2 * width)), widestSpan);
    if (width > widestSpan) this.#sparse = new HashCounts(2 ** Math.ceil(Math.log2(2 * this.most)));
    else if (this.#sparse !== undefined || span > this.#span) {
      this.#sparse = undefined;
      if (this.#span > 0) giveBack(this.#room, 2 * this.#span);
      this.#span = span;
      this.#room = takeRoom(2 * span);
    } else this.#clear();
    this.#base = high === 0 ? 0 : Math.max(0, low - Math.floor((this.#span - width) / 2));
    this.#zeros = 0;
    this.#others = 0;
    for (let index = 0; index < bins.length; index++) this.#place(bins[index] ?? 0, counts[index] ?? 0);
  }

  #clear(): void {
    const { counts } = kernelMemory();
    for (let index = 0; index < this.#others; index++) counts[this.#placeOf(this.#used[index] ?? 0)] = 0;
  }

  #placeOf(bin: number): number {
    return this.#room + Math.abs(bin) - this.#base + (bin < 0 ? this.#span : 0);
  }

  #content(): { bins: Float64Array; counts: Float64Array } {
    const zero = this.#zeros > 0 ? 1 : 0;
    const bins = new Float64Array(this.#others + zero);
    const counts = new Float64Array(this.#others + zero);
    if (zero === 1) counts[0] = this.#zeros;
    if (this.#sparse !== undefined) this.#sparse.copyTo(bins, counts, zero);
    else {
      const all = kernelMemory().counts;
      for (let index = 0; index < this.#others; index++) {
        const bin = this.#used[index] ?? 0;
        bins[index + zero] = bin;
        counts[index + zero] = all[this.#placeOf(bin)] ?? 0;
      }
    }
    return { bins, counts };
  }
}
