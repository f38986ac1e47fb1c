const scratch = new Float64Array(1);
const words = new Int32Array(scratch.buffer);

/** Counts by number, in a table of hashes that grows: a `Map` that makes no objects. */
export class HashCounts {
  #keys: Float64Array;
  #counts: Float64Array;
  #size = 0;

  /** `capacity`: a power of 2, twice as many as are expected. */
  constructor(capacity = 1_024) {
    this.#keys = new Float64Array(capacity);
    this.#counts = new Float64Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** `count` is more than 0. */
  add(key: number, count: number): void {
    const mask = this.#keys.length - 1;
    scratch[0] = key;
    const mixed = Math.imul((words[0] ?? 0) ^ Math.imul(words[1] ?? 0, 0x9e3779b1), 0x85ebca6b);
    for (let place = (mixed ^ (mixed >>> 15)) & mask; ; place = (place + 1) & mask) {
      const before = this.#counts[place] ?? 0;
      if (before > 0 && this.#keys[place] !== key) continue;
      this.#counts[place] = before + count;
      if (before > 0) return;
      this.#keys[place] = key;
      if (++this.#size * 4 > this.#keys.length * 3) this.#grow();
      return;
    }
  }

  /** Writes keys and counts, in no order, to where `start` is. */
  copyTo(keys: Float64Array, counts: Float64Array, start: number): void {
    let next = start;
    for (let place = 0; place < this.#counts.length; place++) {
      const count = this.#counts[place] ?? 0;
      if (count === 0) continue;
      keys[next] = this.#keys[place] ?? 0;
      counts[next++] = count;
    }
  }

  #grow(): void {
    const [keys, counts] = [this.#keys, this.#counts];
    this.#keys = new Float64Array(keys.length * 4);
    this.#counts = new Float64Array(keys.length * 4);
    this.#size = 0;
    for (let place = 0; place < counts.length; place++) {
      const count = counts[place] ?? 0;
      if (count > 0) this.add(keys[place] ?? 0, count);
    }
  }
}
