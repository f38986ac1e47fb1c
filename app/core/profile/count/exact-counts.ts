import type { ValueCounts } from "./first-values.ts";
import { HashCounts } from "./hash-counts.ts";
import type { NumberTally } from "./number-tally.ts";

/** Whole numbers from here are counted in a plain array, `denseSize` of them. */
const lowestDense = -4_096;
const denseSize = 36_864;

/** Counts of finite numbers by value while there are few different ones: whole numbers near 0 in an array. */
export class ExactCounts {
  readonly most: number;
  #dense = new Float64Array(0);
  #denseUsed = 0;
  readonly #others = new HashCounts();

  constructor(most: number) {
    this.most = most;
  }

  get size(): number {
    return this.#denseUsed + this.#others.size;
  }

  /**
   * Counts the values from `start` to `end`, and what is not finite, least and greatest into `tally`. Answers where it
   * stopped: behind the value that is one too many.
   */
  take(values: Float64Array, start: number, end: number, tally: NumberTally): number {
    let dense = this.#dense;
    for (let at = start; at < end; at++) {
      const value = values[at] ?? 0;
      if (!tally.take(value)) continue;
      const whole = value | 0;
      const place = whole - lowestDense;
      if (whole === value && place >= 0 && place < denseSize) {
        if (dense.length === 0) this.#dense = dense = new Float64Array(denseSize);
        const count = dense[place] ?? 0;
        dense[place] = count + 1;
        if (count > 0) continue;
        this.#denseUsed++;
      } else this.#others.add(value, 1);
      if (this.size > this.most) return at + 1;
    }
    return end;
  }

  /** Counts what was told apart before: before anything else. */
  add({ values, counts }: ValueCounts): void {
    for (let index = 0; index < values.length; index++) {
      const [value, count] = [values[index] ?? 0, counts[index] ?? 0];
      const place = (value | 0) - lowestDense;
      if ((value | 0) === value && place >= 0 && place < denseSize) {
        if (this.#dense.length === 0) this.#dense = new Float64Array(denseSize);
        this.#dense[place] = count;
        this.#denseUsed++;
      } else this.#others.add(value, count);
    }
  }

  /** Values and their counts, in no order. */
  content(): ValueCounts {
    const [values, counts] = [new Float64Array(this.size), new Float64Array(this.size)];
    let next = 0;
    for (let place = 0; place < denseSize && next < this.#denseUsed; place++) {
      const count = this.#dense[place] ?? 0;
      if (count === 0) continue;
      values[next] = place + lowestDense;
      counts[next++] = count;
    }
    this.#others.copyTo(values, counts, next);
    return { values, counts };
  }
}
