import { hash as digest } from "node:crypto";

/** With more levels than this the rows of each are no longer kept, only those of a sample of levels. */
export const mostLevels = 65_536;
export const sampledLevels = 4_096;
/** Where levels are sampled, all rows are still counted by the hash of their level. */
export const hashBuckets = 1_024;
/** A longer level is kept as its beginning and 12 digits of its MD5. */
export const longestLevel = 200;

/**
 * Rows by level of a column of names. All levels, or where they are more than `mostLevels`: those whose hash is below
 * 2^-depth of all hashes, with the least depth that leaves at most `sampledLevels`, and the rows by bucket of the hash.
 * What is kept follows from the rows alone, so that parts merged are the whole, exactly.
 */
export class LevelCounts {
  #levels = new Map<string, number>();
  #depth: number | undefined;
  #buckets = new Float64Array(0);
  /** of the levels that are kept, once they are a sample */
  #hashes = new Map<string, number>();

  /** undefined: every level is kept. */
  get depth(): number | undefined {
    return this.#depth;
  }

  get levels(): ReadonlyMap<string, number> {
    return this.#levels;
  }

  /** Rows by bucket of the level's hash; empty while every level is kept. */
  get buckets(): Readonly<Float64Array> {
    return this.#buckets;
  }

  get total(): number {
    const counts: Iterable<number> = this.#depth === undefined ? this.#levels.values() : this.#buckets;
    let sum = 0;
    for (const count of counts) sum += count;
    return sum;
  }

  /** How many different levels: exact while every level is kept, else estimated from the sample (about ± 1.6 %). */
  get distinct(): number {
    return this.#levels.size * 2 ** (this.#depth ?? 0);
  }

  /** Levels seen in one row only, estimated likewise. */
  get singles(): number {
    return this.#levels.values().reduce((sum, count) => sum + (count === 1 ? 1 : 0), 0) * 2 ** (this.#depth ?? 0);
  }

  add(level: string, count = 1): void {
    this.addShort(shortenLevel(level), count);
  }

  /** A level that was shortened before. */
  addShort(name: string, count: number): void {
    if (this.#depth !== undefined) {
      const hash = hashLevel(name);
      this.#buckets[hash % hashBuckets] = (this.#buckets[hash % hashBuckets] ?? 0) + count;
      if (hash >= 2 ** (hashBits - this.#depth)) return;
      this.#hashes.set(name, hash);
    }
    this.#levels.set(name, (this.#levels.get(name) ?? 0) + count);
    if (this.#levels.size > (this.#depth === undefined ? mostLevels : sampledLevels)) this.#thin();
  }

  /** Both together. */
  merged(other: LevelCounts): LevelCounts {
    const [deep, flat] = (this.#depth ?? -1) >= (other.#depth ?? -1) ? [this, other] : [other, this];
    const sum = new LevelCounts();
    sum.#levels = new Map(deep.#levels);
    sum.#depth = deep.#depth;
    sum.#buckets = Float64Array.from(deep.#buckets);
    if (flat.#depth === undefined) for (const [level, count] of flat.#levels) sum.addShort(level, count);
    else sum.#addSample(flat);
    return sum;
  }

  /** As it was stored. */
  static restore(levels: ReadonlyMap<string, number>, depth?: number, buckets?: readonly number[]): LevelCounts {
    const counts = new LevelCounts();
    counts.#levels = new Map(levels);
    counts.#depth = depth;
    counts.#buckets = Float64Array.from(buckets ?? []);
    return counts;
  }

  #addSample(other: LevelCounts): void {
    for (const [bucket, count] of other.#buckets.entries())
      this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + count;
    const limit = 2 ** (hashBits - (this.#depth ?? 0));
    for (const [level, count] of other.#levels) {
      if (hashLevel(level) < limit) this.#levels.set(level, (this.#levels.get(level) ?? 0) + count);
    }
    if (this.#levels.size > sampledLevels) this.#thin();
  }

  #thin(): void {
    if (this.#depth === undefined) {
      this.#depth = 0;
      this.#buckets = new Float64Array(hashBuckets);
      for (const [level, count] of this.#levels) {
        const hash = hashLevel(level);
        this.#hashes.set(level, hash);
        const bucket = hash % hashBuckets;
        this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + count;
      }
    }
    for (const level of this.#levels.keys()) if (!this.#hashes.has(level)) this.#hashes.set(level, hashLevel(level));
    while (this.#levels.size > sampledLevels) {
      this.#depth++;
      const limit = 2 ** (hashBits - this.#depth);
      for (const [level, hash] of this.#hashes) {
        if (hash < limit) continue;
        this.#levels.delete(level);
        this.#hashes.delete(level);
      }
    }
  }
}

const hashBits = 52;

/** The first 52 bits of the MD5 of the UTF-8 text, which every SQL engine can compute too. */
export function hashLevel(level: string): number {
  return Number.parseInt(digest("md5", level, "hex").slice(0, hashBits / 4), 16);
}

/** Counted in characters as SQL counts them: code points. */
export function shortenLevel(level: string): string {
  if (level.length <= longestLevel) return level;
  const points = Array.from(level);
  if (points.length <= longestLevel) return level;
  return `${points.slice(0, longestLevel).join("")}…${digest("md5", level, "hex").slice(0, 12)}`;
}
