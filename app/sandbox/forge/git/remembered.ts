/** The last so many answers to questions whose answer never changes. What was not found is asked again. */
export class Remembered<T> {
  readonly #most: number;
  readonly #kept = new Map<string, T>();

  constructor(most: number) {
    this.#most = most;
  }

  async get(key: string, compute: () => Promise<T | undefined>): Promise<T | undefined> {
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const fresh = await compute();
    if (fresh === undefined) return undefined;
    if (this.#kept.size >= this.#most) {
      const oldest = this.#kept.keys().next();
      if (oldest.done !== true) this.#kept.delete(oldest.value);
    }
    this.#kept.set(key, fresh);
    return fresh;
  }
}
