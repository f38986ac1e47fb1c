import { DistinctSketch, hashNumber } from "#core/profile/distinct-sketch.ts";
import { binOf, coarsestBits, widenBin } from "#core/profile/double-bits.ts";
import type { ValueCounts } from "./first-values.ts";
import { fittingBits, widestSpan } from "./fitting-bits.ts";
import { HashCounts } from "./hash-counts.ts";
import { stateAt, stateBytes } from "./count-code.ts";
import { countBlock, countFound, foundHash, giveBack, kernelMemory, takeRoom } from "./kernel.ts";
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
  /** where in the kernel's memory the places of the bins with a count are, but for 0 */
  readonly #used: number;
  /** where in the kernel's memory is what it goes by, and the counts that are none of bins */
  readonly #state: number;
  #sparse: HashCounts | undefined;
  readonly #mostRows: number;
  #rows = 0;
  #before: NumberBins | undefined;

  /** From more values than `most`. `mostRows`: what a count holds. */
  constructor(most: number, { values, counts }: ValueCounts, mostRows = 2 ** 32 - 1) {
    this.most = most;
    this.#mostRows = mostRows;
    this.#used = takeRoom(most + 1);
    this.#state = takeRoom(stateBytes / 4);
    const { doubles } = kernelMemory();
    doubles[(this.#state * 4 + stateAt.min) / 8] = Number.POSITIVE_INFINITY;
    doubles[(this.#state * 4 + stateAt.max) / 8] = Number.NEGATIVE_INFINITY;
    this.#bits = fittingBits(values, most);
    this.distinct.addAll(values);
    for (const count of counts) this.#rows += count;
    this.#load(
      values.map((value) => binOf(value, this.#bits)),
      counts,
    );
  }

  get #others(): number {
    return this.#read("others");
  }

  get #zeros(): number {
    return this.#read("zeros");
  }

  #read(what: "others" | "zeros" | "nans"): number {
    return kernelMemory().counts[this.#state + stateAt[what] / 4] ?? 0;
  }

  #write(what: Exclude<keyof typeof stateAt, "min" | "max">, value: number): void {
    kernelMemory().words[this.#state + stateAt[what] / 4] = value;
  }

  /** Counts the numbers of the block from `start` to `end`; some of what is not finite, least and greatest into `tally`. */
  takeBlock(start: number, end: number, tally: NumberTally): void {
    this.#rows += end - start;
    if (this.#rows > this.#mostRows) this.#beginAgain(end - start);
    for (let at = start; at < end; at++) {
      if (this.#sparse === undefined && this.#bits <= 20) at = this.#run(at, end);
      if (at < end) this.#takeOne(kernelMemory().doubles[at] ?? 0, tally);
    }
  }

  /** What was counted, with the rest of what belongs into `tally`; nothing can be counted afterwards. */
  finish(tally: NumberTally): NumberBins {
    const bins = this.#before === undefined ? this.#bins() : this.#before.merged(this.#bins());
    const { doubles } = kernelMemory();
    tally.min = Math.min(tally.min, doubles[(this.#state * 4 + stateAt.min) / 8] ?? 0);
    tally.max = Math.max(tally.max, doubles[(this.#state * 4 + stateAt.max) / 8] ?? 0);
    tally.nans += this.#read("nans");
    if (this.#span > 0) giveBack(this.#room, 2 * this.#span);
    giveBack(this.#used, this.most + 1);
    giveBack(this.#state, stateBytes / 4);
    this.#span = 0;
    return bins;
  }

  /** All that has a place; answers where it stopped. */
  #run(first: number, last: number): number {
    const stopped = countBlock(first, last, this.#state);
    const found = countFound();
    if (found > 0) {
      for (let index = 0; index < found; index++) this.distinct.addHash(foundHash(index));
      this.#write("refused", this.distinct.refusedBits);
    }
    return stopped;
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
    const byBin = new Map<number, number>();
    for (let index = 0; index < bins.length; index++) byBin.set(bins[index] ?? 0, counts[index] ?? 0);
    bins.sort();
    const sorted = bins.map((bin) => byBin.get(bin) ?? 0);
    return NumberBins.restore(this.most, this.#bits, bins, sorted);
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
    if (bin === 0) this.#write("zeros", this.#zeros + count);
    else if (this.#sparse !== undefined) {
      this.#sparse.add(bin, count);
      this.#write("others", this.#sparse.size);
    } else {
      const { counts, words } = kernelMemory();
      const place = Math.abs(bin) - this.#base + (bin < 0 ? this.#span : 0);
      const before = counts[this.#room + place] ?? 0;
      counts[this.#room + place] = before + count;
      if (before > 0) return;
      const others = this.#others;
      words[this.#used + others] = place;
      this.#write("others", others + 1);
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
    this.#write("counts", this.#room * 4);
    this.#write("base", this.#base);
    this.#write("span", this.#span);
    this.#write("shift", 20 - this.#bits);
    this.#write("refused", this.distinct.refusedBits);
    this.#write("used", this.#used * 4);
    this.#write("most", this.most);
    this.#write("zeros", 0);
    this.#write("others", 0);
    if (this.#sparse === undefined) this.#placeAll(bins, counts);
    else for (let index = 0; index < bins.length; index++) this.#place(bins[index] ?? 0, counts[index] ?? 0);
  }

  /** As `#place` of each, in an array that holds nothing yet. */
  #placeAll(bins: Float64Array, counts: Float64Array): void {
    const [room, used, base, span] = [this.#room, this.#used, this.#base, this.#span];
    const memory = kernelMemory();
    const [all, words] = [memory.counts, memory.words];
    let [zeros, others] = [0, 0];
    for (let index = 0; index < bins.length; index++) {
      const [bin, count] = [bins[index] ?? 0, counts[index] ?? 0];
      if (bin === 0) {
        zeros += count;
        continue;
      }
      const place = (bin < 0 ? span - bin : bin) - base;
      const before = all[room + place] ?? 0;
      all[room + place] = before + count;
      if (before === 0) words[used + others++] = place;
    }
    this.#write("zeros", zeros);
    this.#write("others", others);
  }

  #clear(): void {
    const { counts, words } = kernelMemory();
    const others = this.#others;
    for (let index = 0; index < others; index++) counts[this.#room + (words[this.#used + index] ?? 0)] = 0;
  }

  #content(): { bins: Float64Array; counts: Float64Array } {
    const [zeros, others] = [this.#zeros, this.#others];
    const zero = zeros > 0 ? 1 : 0;
    const bins = new Float64Array(others + zero);
    const counts = new Float64Array(others + zero);
    if (zero === 1) counts[0] = zeros;
    if (this.#sparse !== undefined) this.#sparse.copyTo(bins, counts, zero);
    else {
      const memory = kernelMemory();
      const [base, span] = [this.#base, this.#span];
      for (let index = 0; index < others; index++) {
        const place = memory.words[this.#used + index] ?? 0;
        bins[index + zero] = place < span ? base + place : span - base - place;
        counts[index + zero] = memory.counts[this.#room + place] ?? 0;
      }
    }
    return { bins, counts };
  }
}
