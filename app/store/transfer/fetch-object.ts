import { randomUUID } from "node:crypto";
import { chmod, mkdir, open, rename, rm, stat, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StoreError, type ObjectStore } from "#core/object-store.ts";
import { hashFile, type FileDigests } from "#store/hash-file.ts";
import { TransferError } from "./transfer-error.ts";
import { withStall } from "./with-stall.ts";

/** One object, by what is known of its bytes. `shown` and `pointer` are for sentences. */
export type Wanted = {
  keys: readonly string[];
  md5?: string | undefined;
  sha256?: string | undefined;
  size?: number | undefined;
  shown: string;
  pointer: string;
};

export type Patience = { attempts: number; pauseMs: number; stallMs: number };
export const patience: Patience = { attempts: 5, pauseMs: 500, stallMs: 60_000 };

export type FetchOptions = {
  patience?: Patience | undefined;
  onBytes?: ((done: number) => void) | undefined;
  signal?: AbortSignal | undefined;
};

/**
 * Brings an object to `to`, which is there whole and with the right digests or not at all. What a try that broke off has
 * brought waits beside it as `.part`, and the next try, of this process or another one, goes on from there. Throws a
 * `TransferError` that names pointer, object, store and mend.
 */
export async function fetchObject(
  store: ObjectStore,
  wanted: Wanted,
  to: string,
  options: FetchOptions = {},
): Promise<FileDigests> {
  const { attempts, pauseMs } = options.patience ?? patience;
  let part = `${to}.part`;
  await makeFolder(dirname(to), wanted);
  for (let attempt = 1; ; attempt += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- the next try is for one that failed
      await receive(store, wanted, part, options);
      // oxlint-disable-next-line no-await-in-loop -- see above
      const found = await finish(part, to, wanted);
      if (typeof found !== "string") return found;
      // Somebody else may have written to the same part: once more, in a file of its own.
      if (part !== `${to}.part` || attempt >= attempts)
        throw new TransferError(wanted, store.name, `its bytes do not match: ${found}`, "lost");
      part = `${to}.${randomUUID()}.part`;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      const again = (error.code === "unavailable" || error.code === "stalled") && attempt < attempts;
      if (!again) throw explain(error, wanted, store, attempt);
      // oxlint-disable-next-line no-await-in-loop -- see above
      await sleep(pauseMs * 2 ** (attempt - 1), undefined, { signal: options.signal });
    }
  }
}

/** Gives what came its name, or says what is wrong with it. Another process may do the same at the same moment. */
async function finish(part: string, to: string, wanted: Wanted): Promise<FileDigests | string> {
  try {
    const found = await hashFile(part);
    const wrong = findWrong(found, wanted);
    if (wrong !== undefined) {
      await rm(part, { force: true });
      return wrong;
    }
    await rename(part, to);
    await chmod(to, 0o444);
    // begun anew by the other one after it was read, and before it had its name
    if ((await sizeOf(to)) === found.size) return found;
    await rm(to, { force: true });
    return "another process wrote to them";
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    // the other one was faster, and this is what it brought
    const found = await hashFile(to).catch(() => undefined);
    return found === undefined ? "another process took them" : (findWrong(found, wanted) ?? found);
  }
}

/** Appends what is missing of the part. */
async function receive(store: ObjectStore, wanted: Wanted, part: string, options: FetchOptions): Promise<void> {
  const { stallMs } = options.patience ?? patience;
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
  const wait = async <T>(work: Promise<T>): Promise<T> =>
    await withStall(work, stallMs, store.name, () => stop.abort());
  const had = await sizeOf(part);
  const useful = wanted.size === undefined || had <= wanted.size ? had : 0;
  if (wanted.size !== undefined && useful === wanted.size && useful > 0) return;
  const bytes = await wait(getAny(store, wanted, useful, signal));
  if (bytes === undefined) throw new TransferError(wanted, store.name, "it is not there", "lost");
  if (bytes.size !== undefined && wanted.size !== undefined && bytes.size !== wanted.size) {
    await close(bytes.stream);
    const because = `it has ${bytes.size} bytes there, and the pointer says ${wanted.size}`;
    throw new TransferError(wanted, store.name, because, "lost");
  }
  let at = bytes.from;
  // gone meanwhile: what is then begun in the middle has the wrong digest
  if (had > at) await truncate(part, at).catch(() => undefined);
  const handle = await open(part, at === 0 ? "w" : "a").catch((error: unknown) => {
    throw diskError(error, part);
  });
  const reader = bytes.stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- chunk after chunk
      const next = await wait(reader.next());
      if (next.done === true) break;
      if (bytes.size !== undefined && at + next.value.length > bytes.size)
        throw new StoreError("broken", `${store.name} sent more than it said`);
      // oxlint-disable-next-line no-await-in-loop -- see above
      await handle.writeFile(next.value).catch((error: unknown) => {
        throw diskError(error, part);
      });
      at += next.value.length;
      options.onBytes?.(at);
    }
  } finally {
    await handle.close();
    void reader.return?.(undefined)?.catch(() => undefined);
  }
  const all = bytes.size ?? wanted.size;
  if (all !== undefined && at < all)
    throw new StoreError("unavailable", `${store.name} sent ${at} of ${all} bytes and closed the connection`);
}

/** Lets go of a connection that nobody reads: an iterator that was never begun would not. */
async function close(stream: AsyncIterable<Uint8Array>): Promise<void> {
  const reader = stream[Symbol.asyncIterator]();
  await reader.next().catch(() => undefined);
  await reader.return?.(undefined)?.catch(() => undefined);
}

async function getAny(
  store: ObjectStore,
  { keys }: Wanted,
  from: number,
  signal: AbortSignal,
): ReturnType<ObjectStore["get"]> {
  for (const key of keys) {
    // oxlint-disable-next-line no-await-in-loop -- two at most, the first is nearly always the one
    const found = await store.get(key, from, signal);
    if (found !== undefined) return found;
  }
  return undefined;
}

function findWrong(found: FileDigests, { md5, sha256, size }: Wanted): string | undefined {
  if (size !== undefined && found.size !== size) return `they are ${found.size}, and the pointer says ${size}`;
  if (md5 !== undefined && found.md5 !== md5) return `their MD5 is ${found.md5}, and the pointer says ${md5}`;
  if (sha256 !== undefined && found.sha256 !== sha256)
    return `their SHA-256 is ${found.sha256}, and the pointer says ${sha256}`;
  return undefined;
}

async function makeFolder(folder: string, wanted: Wanted): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const { message } = diskError(error, folder);
    throw new TransferError(wanted, undefined, message, "disk");
  }
}

async function sizeOf(file: string): Promise<number> {
  return await stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

function diskError(error: unknown, file: string): StoreError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new StoreError("full", `this machine's disk is full, at "${file}"`, { cause: error });
  return new StoreError("broken", error instanceof Error ? error.message : String(error), { cause: error });
}

function explain(error: StoreError, wanted: Wanted, store: ObjectStore, attempts: number): TransferError {
  const because = error.message.replace(/^Cannot /, "one cannot ");
  // what will never be taken says itself what to do
  const isSaid = error.code === "forbidden" || error.code === "refused";
  if (error.code === "full") return new TransferError(wanted, store.name, because, "full");
  const tried = attempts > 1 ? `${because} (tried ${attempts} times)` : because;
  return new TransferError(wanted, store.name, tried, isSaid ? "said" : "later");
}
