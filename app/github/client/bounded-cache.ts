/** Remembers immutable things by key, up to a weight; what was not used for longest goes first. Failures are forgotten. */
export class BoundedCache<T> {
  readonly #kept = new Map<string, { value: Promise<T>; weight: number }>();
  readonly #limit: number;
  #total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The value of this key, made once however many ask at the same time. `weigh` runs when it is there. */
  async get(key: string, make: () => Promise<T>, weigh: (value: T) => number): Promise<T> {
    const found = this.#kept.get(key);
    if (found !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, found);
      return found.value;
    }
    const entry = { value: make(), weight: 0 };
    this.#kept.set(key, entry);
    try {
      const value = await entry.value;
      entry.weight = weigh(value);
      if (this.#kept.get(key) === entry) this.#total += entry.weight;
      this.#trim();
      return value;
    } catch (error) {
      this.#kept.delete(key);
      throw error;
    }
  }

  #trim(): void {
    for (const [key, entry] of this.#kept) {
      if (this.#total <= this.#limit) return;
      // one that is still being made weighs nothing yet
      if (entry.weight === 0) continue;
      this.#kept.delete(key);
      this.#total -= entry.weight;
    }
  }
}
