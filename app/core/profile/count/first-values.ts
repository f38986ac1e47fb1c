import type { NumberTally } from "./number-tally.ts";

/** Different finite numbers, ascending, and how often each came. */
export type ValueCounts = { values: Float64Array; counts: Float64Array };

/** Keeps the first numbers of a column as they come: sorted at once they are told apart sooner than one by one. */
export class FirstValues {
  readonly most: number;
  #values = new Float64Array(0);
  #length = 0;

  constructor(most: number) {
    this.most = most;
  }

  get isFull(): boolean {
    return this.#length === this.most;
  }

  /** Keeps of the first `length` numbers as many as there is room for; answers where it stopped. */
  take(values: Float64Array, length: number): number {
    const taken = Math.min(length, this.most - this.#length);
    const needed = this.#length + taken;
    if (needed > this.#values.length) {
      const grown = new Float64Array(Math.min(this.most, Math.max(2 * this.#values.length, needed)));
      grown.set(this.#values.subarray(0, this.#length));
      this.#values = grown;
    }
    this.#values.set(values.subarray(0, taken), this.#length);
    this.#length = needed;
    return taken;
  }

  /** Tells them apart; what is not finite, least and greatest go into `tally`. */
  content(tally: NumberTally): ValueCounts {
    const sorted = this.#values.subarray(0, this.#length).sort();
    const [values, counts] = [new Float64Array(sorted.length), new Float64Array(sorted.length)];
    let size = 0;
    for (let at = 0; at < sorted.length; at++) {
      // -0 counts as 0
      const value = (sorted[at] ?? 0) + 0;
      if (size > 0 && value === values[size - 1]) counts[size - 1] = (counts[size - 1] ?? 0) + 1;
      else if (tally.take(value)) {
        values[size] = value;
        counts[size++] = 1;
      }
    }
    return { values: values.slice(0, size), counts: counts.slice(0, size) };
  }
}
