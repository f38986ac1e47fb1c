import { DistinctSketch, hashWords } from "./distinct-sketch.ts";
import { binOf, coarsestBits, finestBits, widenBin } from "./double-bits.ts";
import { NumberBins } from "./number-bins.ts";

/** Bins of one sign that an array may span; with up to 11 bits all there are. More spread ones are looked up in a map. */
const widestSpan = 2 ** 22;

/**
 * Counts of finite numbers by the upper bits of the double, as `NumberBins` has them once values are too many, and the
 * sketch of how many values. Bins are places of an array that spans those in use, each sign a half of it.
 */
export class BinCounts {
  readonly most: number;
  readonly distinct: DistinctSketch;
  #bits: number;
  /** the least bin of the array, and how many follow; negative bins stand behind the positive ones */
  #base = 0;
  #span = 0;
  #counts = new Float64Array(0);
  #used: Float64Array;
  #size = 0;
  #zeros = 0;
  #sparse: Map<number, number> | undefined;

  /** From more values than `most`. */
  constructor(most: number, values: readonly (readonly [value: number, count: number])[], distinct: DistinctSketch) {
    this.most = most;
    this.distinct = distinct;
    this.#used = new Float64Array(most + 1);
    this.#bits = fittingBits(
      values.map(([value]) => value),
      most,
    );
    for (const [value, count] of values) this.#add(binOf(value, this.#bits), count);
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
    const bins = new NumberBins(this.most);
    for (const [bin, count] of this.#entries()) bins.addBin(bin, this.#bits, count);
    return bins;
  }

  /** Answers behind the value after which the array or the bits have changed. */
  #takeDense(words: Int32Array, start: number, end: number): number {
    const [counts, base, span, bits] = [this.#counts, this.#base, this.#span, this.#bits];
    const [shift, scale, lowShift] = [Math.max(0, 20 - bits), 2 ** Math.max(0, bits - 20), 52 - bits];
    for (let at = start; at < end; at++) {
      const high = words[2 * at + 1] ?? 0;
      const magnitude = high & 0x7fffffff;
      if (magnitude < 0x100000) {
        if (this.#zeros === 0 && this.#size === this.most) {
          this.#add(0, 1);
          return at + 1;
        }
        if (this.#zeros++ === 0) this.#size++;
        continue;
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
    if (bin === 0) {
      if (this.#zeros === 0) this.#size++;
      this.#zeros += count;
    } else if (this.#sparse !== undefined) {
      const before = this.#sparse.get(bin);
      if (before === undefined) this.#size++;
      this.#sparse.set(bin, (before ?? 0) + count);
    } else if (this.#reach(Math.abs(bin))) {
      const place = Math.abs(bin) - this.#base + (bin < 0 ? this.#span : 0);
      const before = this.#counts[place] ?? 0;
      this.#counts[place] = before + count;
      if (before === 0) {
        this.#used[this.#size - (this.#zeros > 0 ? 1 : 0)] = bin;
        this.#size++;
      }
    } else {
      this.#add(bin, count);
      return;
    }
    if (this.#size > this.most) this.#coarsen();
  }

  /** Widens the array to hold a bin; false where it would be too wide and a map is used from now on. */
  #reach(bin: number): boolean {
    const offset = bin - this.#base;
    if (offset >= 0 && offset < this.#span) return true;
    const entries = [...this.#entries()].filter(([key]) => key !== 0);
    const bins = entries.map(([key]) => Math.abs(key));
    const low = bins.reduce((least, next) => Math.min(least, next), bin);
    const high = bins.reduce((most, next) => Math.max(most, next), bin);
    const span = Math.min(2 ** Math.ceil(Math.log2(2 * (high - low + 1))), widestSpan);
    if (high - low >= span) {
      this.#sparse = new Map(entries);
      return false;
    }
    this.#span = span;
    this.#base = Math.max(0, low - Math.floor((span - (high - low + 1)) / 2));
    this.#fill(entries);
    return true;
  }

  #coarsen(): void {
    const entries = [...this.#entries()];
    let bits = this.#bits;
    const merged = new Map<number, number>();
    do {
      bits--;
      merged.clear();
      for (const [bin, count] of entries) {
        const wide = widenBin(bin, this.#bits - bits);
        merged.set(wide, (merged.get(wide) ?? 0) + count);
      }
    } while (merged.size > this.most && bits > coarsestBits);
    this.#bits = bits;
    this.#zeros = 0;
    this.#size = 0;
    this.#sparse = undefined;
    this.#span = 0;
    this.#base = 0;
    this.#counts = new Float64Array(0);
    for (const [bin, count] of merged) this.#add(bin, count);
  }

  #fill(entries: readonly (readonly [bin: number, count: number])[]): void {
    this.#counts = new Float64Array(2 * this.#span);
    for (const [index, [bin, count]] of entries.entries()) {
      this.#counts[Math.abs(bin) - this.#base + (bin < 0 ? this.#span : 0)] = count;
      this.#used[index] = bin;
    }
  }

  *#entries(): Generator<readonly [bin: number, count: number]> {
    if (this.#zeros > 0) yield [0, this.#zeros];
    if (this.#sparse !== undefined) {
      yield* this.#sparse;
      return;
    }
    for (const bin of this.#used.subarray(0, this.#size - (this.#zeros > 0 ? 1 : 0)))
      yield [bin, this.#counts[Math.abs(bin) - this.#base + (bin < 0 ? this.#span : 0)] ?? 0];
  }
}

/** The most bits with which values fall into no more bins than `most`: found by halving, as fewer bits join bins. */
function fittingBits(values: readonly number[], most: number): number {
  const finest = Float64Array.from(values, (value) => binOf(value, finestBits)).sort();
  let [low, high]: [number, number] = [coarsestBits, finestBits];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (countBins(finest, finestBits - middle) <= most) low = middle;
    else high = middle - 1;
  }
  return low;
}

function countBins(sorted: Float64Array, by: number): number {
  let bins = 0;
  let last = Number.NaN;
  for (const bin of sorted) {
    const wide = widenBin(bin, by);
    if (wide !== last) bins++;
    last = wide;
  }
  return bins;
}
