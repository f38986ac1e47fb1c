import { allBits, binOf, coarsestBits, edgeOf, finestBits, widenBin } from "./double-bits.ts";

/** Values from `low` to `high`, both included where they are equal, and how many there are. */
export type Bin = { low: number; high: number; count: number };

/** Bins kept in a file; while data is at hand there may be more. At least 1,024, or the coarsest bins do not fit. */
export const storedBins = 1_024;
export const readBins = 16_384;

/**
 * Counts of finite numbers by value, or where there are more than `most` different ones, by the upper bits of the double:
 * as many bits as `most` bins allow. What is kept follows from the values alone, not from their order or division into
 * parts, so that parts merged are the whole, exactly.
 */
export class NumberBins {
  readonly most: number;
  #bits: number = allBits;
  /** by value where every bit is kept, else by bin */
  #counts = new Map<number, number>();

  constructor(most: number = readBins) {
    if (!(most >= storedBins)) throw new RangeError(`At least ${storedBins} bins are needed, not ${most}`);
    this.most = most;
  }

  /** Mantissa bits kept; `allBits`: every value is a bin of its own. */
  get bits(): number {
    return this.#bits;
  }

  get isExact(): boolean {
    return this.#bits === allBits;
  }

  get size(): number {
    return this.#counts.size;
  }

  get total(): number {
    return this.#counts.values().reduce((sum, count) => sum + count, 0);
  }

  /** `value` is finite. */
  add(value: number, count = 1): void {
    this.#addTo(this.#bits === allBits ? value + 0 : binOf(value, this.#bits), count);
    if (this.#counts.size > this.most) this.#fit();
  }

  /** Adds to a bin of exactly `bits`, as `entries` gave it; coarser bins than these are kept coarse. */
  addBin(key: number, bits: number, count: number): void {
    if (bits < this.#bits) this.coarsen(bits);
    this.#addTo(bits === this.#bits ? key : widen(key, bits, this.#bits), count);
    if (this.#counts.size > this.most) this.#fit();
  }

  /** Keys and counts as kept, for storage: values if exact, else bins. In ascending order. */
  entries(): readonly (readonly [key: number, count: number])[] {
    return [...this.#counts].sort(([a], [b]) => a - b);
  }

  /** In ascending order. */
  bins(): Bin[] {
    return this.entries().map(([key, count]) => {
      if (this.#bits === allBits || key === 0) return { low: key, high: key, count };
      const [inner, outer] = [edgeOf(key, this.#bits), edgeOf(key + Math.sign(key), this.#bits)];
      return key > 0 ? { low: inner, high: outer, count } : { low: outer, high: inner, count };
    });
  }

  /** A copy with at most so many bits. */
  coarsened(bits: number): NumberBins {
    const copy = this.#copy(this.most);
    if (bits < copy.#bits) copy.coarsen(bits);
    return copy;
  }

  /** A copy with at most so many bins. */
  fitted(most: number): NumberBins {
    const copy = this.#copy(most);
    if (copy.#counts.size > most) copy.#fit();
    return copy;
  }

  /** Values as 32-bit floats hold them: for a comparison with values that were stored so. */
  rounded(): NumberBins {
    if (!this.isExact) return this;
    const copy = new NumberBins(this.most);
    for (const [value, count] of this.#counts) {
      const near = Math.fround(value);
      copy.add(Number.isFinite(near) ? near : value, count);
    }
    return copy;
  }

  /** Both together, at the coarser one's limit. */
  merged(other: NumberBins): NumberBins {
    const sum = this.#copy(Math.min(this.most, other.most));
    for (const [key, count] of other.#counts) sum.addBin(key, other.#bits, count);
    if (sum.#counts.size > sum.most) sum.#fit();
    return sum;
  }

  coarsen(bits: number): void {
    const before = this.#counts;
    this.#counts = new Map();
    for (const [key, count] of before) this.#addTo(widen(key, this.#bits, bits), count);
    this.#bits = bits;
  }

  #copy(most: number): NumberBins {
    const copy = new NumberBins(most);
    copy.#bits = this.#bits;
    copy.#counts = new Map(this.#counts);
    return copy;
  }

  #addTo(key: number, count: number): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
  }

  #fit(): void {
    while (this.#counts.size > this.most && this.#bits > coarsestBits)
      this.coarsen(this.#bits === allBits ? finestBits : this.#bits - 1);
  }
}

function widen(key: number, from: number, to: number): number {
  if (from === to) return key;
  return from === allBits ? binOf(key, to) : widenBin(key, from - to);
}
