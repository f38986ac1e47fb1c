import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { objectKey, StoreError, type ObjectStore } from "#core/object-store.ts";
import { readListing } from "#core/pointer/folder-listing.ts";
import { placeOut, PointerError, type Out } from "#core/pointer/pointer.ts";
import { cachePath, type ObjectCache } from "#store/workspace/object-cache.ts";
import { patience, type Patience } from "./fetch-object.ts";
import { inParallel } from "./in-parallel.ts";

const atOnce = 4;

export type PushOptions = {
  onBytes?: ((shown: string, done: number, size: number | undefined) => void) | undefined;
  patience?: Patience | undefined;
};

/**
 * Puts into the store what it lacks of an out, the listing of a folder after its files: a listing that is there is whole.
 * Answers how many objects were sent. Throws a `PointerError` where the cache lacks one, a `StoreError` with a sentence
 * where the store does not take it.
 */
export async function pushOut(
  { cache, store }: { cache: ObjectCache; store: ObjectStore },
  out: Out,
  pointer: string,
  options: PushOptions = {},
): Promise<number> {
  const shown = placeOut(pointer, out);
  const send = async (id: string, name: string): Promise<number> => {
    const file = cachePath(cache, id);
    if (!existsSync(file))
      throw new PointerError(
        `Cannot push "${name}" of the pointer "${pointer}" (md5 ${id}): this machine's cache has no such object; push it from where it was added, or pull it first`,
      );
    const { size } = await stat(file);
    const key = objectKey(id);
    return await withRetries(options.patience ?? patience, async () => {
      if ((await store.has(key)) === size) return 0;
      await store.put(key, file, (done) => options.onBytes?.(name, done, size));
      return 1;
    });
  };
  if (!out.folder) return await send(out.md5, shown);
  const id = `${out.md5}.dir`;
  if (!existsSync(cachePath(cache, id))) return await send(id, shown);
  const listing = readListing(await readFile(cachePath(cache, id)), shown);
  const unique = [...new Map(listing.map((file) => [file.md5, file])).values()];
  const sent = await inParallel(unique, atOnce, async ({ md5, relpath }) => await send(md5, `${shown}/${relpath}`));
  return sent.reduce((sum, one) => sum + one, 0) + (await send(id, shown));
}

async function withRetries<T>({ attempts, pauseMs }: Patience, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- the next try is for one that failed
      return await work();
    } catch (error) {
      const again = error instanceof StoreError && (error.code === "unavailable" || error.code === "stalled");
      if (!again || attempt >= attempts) throw error;
      // oxlint-disable-next-line no-await-in-loop -- see above
      await sleep(pauseMs * 2 ** (attempt - 1));
    }
  }
}

/** Which objects of an out the store lacks, by their ids; undefined where the listing itself is nowhere. */
export async function findLacking(
  { cache, store }: { cache: ObjectCache; store: ObjectStore },
  out: Out,
  pointer: string,
): Promise<number> {
  const id = out.folder ? `${out.md5}.dir` : out.md5;
  const own = (await store.has(objectKey(id))) === undefined ? 1 : 0;
  if (!out.folder || !existsSync(cachePath(cache, id))) return own;
  const listing = readListing(await readFile(cachePath(cache, id)), placeOut(pointer, out));
  const unique = [...new Set(listing.map(({ md5 }) => md5))];
  const lacks = await inParallel(unique, atOnce, async (md5) =>
    (await store.has(objectKey(md5))) === undefined ? 1 : 0,
  );
  return lacks.reduce<number>((sum, one) => sum + one, own);
}
