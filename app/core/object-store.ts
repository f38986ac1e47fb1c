/**
 * Where the bytes of data lie, by key. One small port: a folder, a bucket and the assets of releases are told apart by
 * their adapters alone. Nothing that a store returns is trusted: whoever takes bytes compares their digests.
 */

/**
 * `forbidden`: the credentials do not allow it. `unavailable`: worth another try in a moment. `stalled`: no byte for too
 * long, worth another try. `refused`: it will never take this. `full`: this machine's disk is.
 */
export type StoreErrorCode = "forbidden" | "unavailable" | "stalled" | "refused" | "broken" | "full";

/** A store could not do what was asked. The message is a sentence for people and holds no credential. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StoreError";
    this.code = code;
  }
}

/** Bytes of an object from `from` on, and the size of the whole object where the store says it. */
export type ObjectBytes = { from: number; size: number | undefined; stream: AsyncIterable<Uint8Array> };

export type ObjectStore = {
  /** what people call it, such as "s3://data/churn"; no credential is in it */
  name: string;
  /** The object's size in bytes, or undefined where there is none. */
  has(key: string, signal?: AbortSignal): Promise<number | undefined>;
  /**
   * The object's bytes from an offset on; a store that cannot begin there begins at 0 and says so in `from`. Undefined
   * where there is none.
   */
  get(key: string, from: number, signal?: AbortSignal): Promise<ObjectBytes | undefined>;
  /** Stores a file under a key, whole or not at all. One that is there already may stay. */
  put(key: string, file: string, onBytes?: (sent: number) => void): Promise<void>;
  /** Every key with this beginning, in no order. */
  list(prefix: string): AsyncIterable<string>;
};

/** A text of hex digits as the key of an object, in the layout of DVC 3: `files/md5/ab/cdef…`. */
export function objectKey(md5: string): string {
  return `files/md5/${md5.slice(0, 2)}/${md5.slice(2)}`;
}

/** The same in the layout that DVC had before version 3. */
export function legacyKey(md5: string): string {
  return `${md5.slice(0, 2)}/${md5.slice(2)}`;
}
