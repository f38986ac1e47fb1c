/** Whole numbers from here are counted in a plain array, `denseSize` of them. */
const lowestDense = -32_768;
const denseSize = 131_072;

/**
 * Counts of finite numbers by value while there are few different ones: whole numbers near 0 in an array, others in a
 * table of hashes.
 */
export class ExactCounts {
  readonly most: number;
  #dense = new Float64Array(denseSize);
  #keys = new Float64Array(0);
  #counts = new Float64Array(0);
  #hashed = 0;
  #size = 0;

  constructor(most: number) {
    this.most = most;
  }

  get size(): number {
    return this.#size;
  }

  /** Counts `values` from `start` to `end`, all finite. Answers where it stopped: behind the value that is one too many. */
  take(values: Float64Array, start: number, end: number): number {
    const dense = this.#dense;
    for (let at = start; at < end; at++) {
      const value = values[at] ?? 0;
      const whole = value | 0;
      const place = whole - lowestDense;
      if (whole === value && place >= 0 && place < denseSize) {
        const count = dense[place] ?? 0;
        dense[place] = count + 1;
        if (count === 0 && ++this.#size > this.most) return at + 1;
      } else if (this.#addHashed(value, 1) && ++this.#size > this.most) return at + 1;
    }
    return end;
  }

  /** Values and counts, in no order. */
  *entries(): Generator<readonly [value: number, count: number]> {
    for (const [place, count] of this.#dense.entries()) if (count > 0) yield [place + lowestDense, count];
    for (const [place, count] of this.#counts.entries()) if (count > 0) yield [this.#keys[place] ?? 0, count];
  }

  /** Whether the value is a new one. */
  #addHashed(value: number, count: number): boolean {
    if (this.#hashed * 2 >= this.#keys.length) this.#grow();
    const mask = this.#keys.length - 1;
    scratch[0] = value;
    const mixed = Math.imul((words[0] ?? 0) ^ Math.imul(words[1] ?? 0, 0x9e3779b1), 0x85ebca6b);
    for (let place = (mixed ^ (mixed >>> 15)) & mask; ; place = (place + 1) & mask) {
      const before = this.#counts[place] ?? 0;
      if (before === 0) {
        this.#keys[place] = value;
        this.#counts[place] = count;
        this.#hashed++;
        return true;
      }
      if (this.#keys[place] === value) {
        this.#counts[place] = before + count;
        return false;
      }
    }
  }

  #grow(): void {
    const [keys, counts] = [this.#keys, this.#counts];
    this.#keys = new Float64Array(Math.max(1_024, keys.length * 2));
    this.#counts = new Float64Array(this.#keys.length);
    this.#hashed = 0;
    for (const [place, count] of counts.entries()) if (count > 0) this.#addHashed(keys[place] ?? 0, count);
  }
}

const scratch = new Float64Array(1);
const words = new Int32Array(scratch.buffer);
