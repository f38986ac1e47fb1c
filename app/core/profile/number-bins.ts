import { allBits, binOf, coarsestBits, edgeOf, finestBits, widenBin } from "./double-bits.ts";

/** Values from `low` to `high`, both included where they are equal, and how many there are. */
export type Bin = { low: number; high: number; count: number };

/** Bins kept in a file; while data is at hand there may be more. At least 1,024, or the coarsest bins do not fit. */
export const storedBins = 1_024;
export const readBins = 4_096;

/**
 * Counts of finite numbers by value, or where there are more than `most` different ones, by the upper bits of the double:
 * as many bits as `most` bins allow. What is kept follows from the values alone, not from their order or division into
 * parts, so that parts merged are the whole, exactly.
 */
export class NumberBins {
  readonly most: number;
  #bits: number = allBits;
  /** by value where every bit is kept, else by bin; ascending */
  #keys = new Float64Array(0);
  #counts = new Float64Array(0);
  /** added since, at the same bits */
  #added = new Map<number, number>();

  constructor(most: number = readBins) {
    if (!(most >= storedBins)) throw new RangeError(`At least ${storedBins} bins are needed, not ${most}`);
    this.most = most;
  }

  /** From keys in ascending order, as `entries` gives them: values where `bits` is `allBits`, else bins. */
  static restore(most: number, bits: number, keys: Float64Array, counts: Float64Array): NumberBins {
    const bins = new NumberBins(most);
    bins.#bits = bits;
    [bins.#keys, bins.#counts] = [keys.slice(), counts.slice()];
    bins.#fit();
    return bins;
  }

  /** Mantissa bits kept; `allBits`: every value is a bin of its own. */
  get bits(): number {
    this.#settle();
    return this.#bits;
  }

  get isExact(): boolean {
    return this.bits === allBits;
  }

  get size(): number {
    this.#settle();
    return this.#keys.length;
  }

  get total(): number {
    this.#settle();
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** `value` is finite. */
  add(value: number, count = 1): void {
    this.#addTo(this.#bits === allBits ? value + 0 : binOf(value, this.#bits), count);
  }

  /** Adds to a bin of exactly `bits`, as `entries` gave it; coarser bins than these are kept coarse. */
  addBin(key: number, bits: number, count: number): void {
    if (bits < this.#bits) this.coarsen(bits);
    this.#addTo(widen(key, bits, this.#bits), count);
  }

  /** Keys and counts as kept, for storage: values if exact, else bins. In ascending order. */
  entries(): readonly (readonly [key: number, count: number])[] {
    this.#settle();
    return Array.from(this.#keys, (key, index) => [key, this.#counts[index] ?? 0]);
  }

  /** In ascending order. */
  bins(): Bin[] {
    this.#settle();
    return Array.from(this.#keys, (key, index) => {
      const count = this.#counts[index] ?? 0;
      if (this.#bits === allBits || key === 0) return { low: key, high: key, count };
      const inner = edgeOf(key, this.#bits);
      const outer = edgeOf(key + Math.sign(key), this.#bits);
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
    const copy = this.#copy(this.most);
    copy.#fit(most);
    return copy;
  }

  /** Values as 32-bit floats hold them: for a comparison with values that were stored so. */
  rounded(): NumberBins {
    if (!this.isExact) return this;
    const copy = this.#copy(this.most);
    copy.#replaceKeys((value) => {
      const near = Math.fround(value);
      return Number.isFinite(near) ? near : value;
    });
    return copy;
  }

  /** Both together, at the coarser one's limit. */
  merged(other: NumberBins): NumberBins {
    const [sum, part] = [this.#copy(Math.min(this.most, other.most)), other.#copy(other.most)];
    const bits = Math.min(sum.#bits, part.#bits);
    sum.coarsen(bits);
    part.coarsen(bits);
    [sum.#keys, sum.#counts] = mergeSorted(sum.#keys, sum.#counts, part.#keys, part.#counts);
    sum.#fit();
    return sum;
  }

  coarsen(bits: number): void {
    this.#settle();
    if (bits >= this.#bits) return;
    const before = this.#bits;
    this.#replaceKeys(
      before === allBits
        ? (key) => binOf(key, bits)
        : (
            (width) => (key) =>
              Math.trunc(key / width) + 0
          )(2 ** (before - bits)),
    );
    this.#bits = bits;
  }

  #copy(most: number): NumberBins {
    this.#settle();
    const copy = new NumberBins(most);
    copy.#bits = this.#bits;
    copy.#keys = this.#keys.slice();
    copy.#counts = this.#counts.slice();
    copy.#fit();
    return copy;
  }

  #addTo(key: number, count: number): void {
    this.#added.set(key, (this.#added.get(key) ?? 0) + count);
    if (this.#added.size > this.most) this.#settle();
  }

  /** What was added comes to the rest. As what is kept follows from the values alone, it does not matter when. */
  #settle(): void {
    if (this.#added.size === 0) return;
    const keys = Float64Array.from(this.#added.keys()).sort();
    const counts = keys.map((key) => this.#added.get(key) ?? 0);
    this.#added = new Map();
    [this.#keys, this.#counts] = mergeSorted(this.#keys, this.#counts, keys, counts);
    this.#fit();
  }

  #fit(most: number = this.most): void {
    while (this.#keys.length > most && this.#bits > coarsestBits)
      this.coarsen(this.#bits === allBits ? finestBits : this.#bits - 1);
  }

  /** `change` keeps the order; keys that become equal are joined. */
  #replaceKeys(change: (key: number) => number): void {
    let last = -1;
    for (let at = 0; at < this.#keys.length; at++) {
      const key = change(this.#keys[at] ?? 0);
      const count = this.#counts[at] ?? 0;
      if (last >= 0 && this.#keys[last] === key) this.#counts[last] = (this.#counts[last] ?? 0) + count;
      else {
        this.#keys[++last] = key;
        this.#counts[last] = count;
      }
    }
    this.#keys = this.#keys.slice(0, last + 1);
    this.#counts = this.#counts.slice(0, last + 1);
  }
}

type Sorted = [keys: Float64Array<ArrayBuffer>, counts: Float64Array<ArrayBuffer>];

function mergeSorted(keys: Float64Array, counts: Float64Array, others: Float64Array, more: Float64Array): Sorted {
  const sum: Sorted = [new Float64Array(keys.length + others.length), new Float64Array(keys.length + others.length)];
  let a = 0;
  let b = 0;
  let size = 0;
  while (a < keys.length || b < others.length) {
    const left = keys[a] ?? Number.POSITIVE_INFINITY;
    const right = others[b] ?? Number.POSITIVE_INFINITY;
    sum[0][size] = Math.min(left, right);
    sum[1][size++] = (left <= right ? (counts[a++] ?? 0) : 0) + (right <= left ? (more[b++] ?? 0) : 0);
  }
  return [sum[0].slice(0, size), sum[1].slice(0, size)];
}

function widen(key: number, from: number, to: number): number {
  if (from === to) return key;
  return from === allBits ? binOf(key, to) : widenBin(key, from - to);
}
