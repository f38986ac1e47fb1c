import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { legacyKey, objectKey, type ObjectStore } from "#core/object-store.ts";
import { digestFolder, readListing, type ListedFile } from "#core/pointer/folder-listing.ts";
import type { Fetched } from "#core/pointer/contents.ts";
import { placeOut, PointerError, type Out } from "#core/pointer/pointer.ts";
import { hashFile, type FileDigests } from "#store/hash-file.ts";
import { cachePath, type ObjectCache } from "#store/workspace/object-cache.ts";
import { fetchObject, type FetchOptions, type Wanted } from "./fetch-object.ts";
import { inParallel } from "./in-parallel.ts";
import { TransferError } from "./transfer-error.ts";

const atOnce = 8;

export type FetchFrom = {
  cache: ObjectCache;
  /** undefined: no store is named, and nothing can be fetched */
  openStore: () => Promise<ObjectStore | undefined>;
};

export type FetchOutOptions = Omit<FetchOptions, "onBytes"> & {
  /** bytes of one object, and how many it has */
  onBytes?: ((shown: string, done: number, size: number | undefined) => void) | undefined;
};

/**
 * Sees to it that the cache holds every object of an out, with the right digests, and answers its files. What the cache
 * has already is read again, as somebody may have changed it; only where something is missing is the store opened.
 */
export async function fetchOut(
  { cache, openStore }: FetchFrom,
  out: Out,
  pointer: string,
  options: FetchOutOptions = {},
): Promise<readonly Fetched[]> {
  const shown = placeOut(pointer, out);
  if (!out.folder) {
    refuseLegacy(out, pointer);
    const wanted = wantedOf(out.md5, { shown, pointer, size: out.size, sha256: out.sha256 });
    await ensure(cachePath(cache, out.md5), wanted, openStore, options);
    return [{ relpath: "", file: cachePath(cache, out.md5), md5: out.md5 }];
  }
  const listing = await fetchListing({ cache, openStore }, out, pointer, options);
  const unique = [...new Map(listing.map((file) => [file.md5, file])).values()];
  const digests = await inParallel(unique, atOnce, async ({ md5, relpath }) => {
    const wanted = wantedOf(md5, { shown: `${shown}/${relpath}`, pointer });
    return await ensure(cachePath(cache, md5), wanted, openStore, options);
  });
  checkFolder(out, listing, new Map(digests.map((found) => [found.md5, found.sha256])), { shown, pointer });
  return listing.map(({ relpath, md5 }) => ({ relpath, file: cachePath(cache, md5), md5 }));
}

/** As `fetchOut`, for the names alone of what a folder holds. */
export async function fetchListing(
  { cache, openStore }: FetchFrom,
  out: Out,
  pointer: string,
  options: FetchOutOptions = {},
): Promise<readonly ListedFile[]> {
  refuseLegacy(out, pointer);
  const shown = placeOut(pointer, out);
  const id = `${out.md5}.dir`;
  const file = cachePath(cache, id);
  await ensure(file, { ...wantedOf(id, { shown, pointer }), md5: out.md5 }, openStore, options);
  return readListing(await readFile(file), shown);
}

function refuseLegacy(out: Out, pointer: string): void {
  if (!out.legacy) return;
  throw new PointerError(
    `Cannot fetch "${placeOut(pointer, out)}" of the pointer "${pointer}": it was written by a DVC before 3.0, whose digests of text are not those of its bytes; run "dvc cache migrate --dvc-files"`,
  );
}

function checkFolder(
  out: Out,
  listing: readonly ListedFile[],
  sha256: ReadonlyMap<string, string>,
  where: { shown: string; pointer: string },
): void {
  if (out.sha256 === undefined) return;
  const found = digestFolder(listing.map(({ relpath, md5 }) => ({ relpath, sha256: sha256.get(md5) ?? "" })));
  if (found === out.sha256) return;
  const because = `the SHA-256 of its files is ${found}, and the pointer says ${out.sha256}`;
  throw new TransferError({ ...where, md5: `${out.md5}.dir` }, undefined, because, "lost");
}

function wantedOf(id: string, more: Pick<Wanted, "shown" | "pointer" | "size" | "sha256">): Wanted {
  return { keys: [objectKey(id), legacyKey(id)], md5: id, ...more };
}

async function ensure(
  file: string,
  wanted: Wanted,
  openStore: FetchFrom["openStore"],
  { onBytes, ...options }: FetchOutOptions,
): Promise<FileDigests> {
  if (existsSync(file)) {
    const found = await hashFile(file);
    if (found.md5 === wanted.md5 && (wanted.sha256 === undefined || found.sha256 === wanted.sha256)) return found;
    await rm(file, { force: true });
  }
  const store = await open(openStore, wanted);
  if (store === undefined)
    throw new TransferError(
      wanted,
      undefined,
      "no store is named; set data: { store: … } in .github/trainyard.yml, or a default remote in .dvc/config",
      "said",
    );
  return await fetchObject(store, wanted, file, {
    ...options,
    onBytes: (done) => onBytes?.(wanted.shown, done, wanted.size),
  });
}

async function open(openStore: FetchFrom["openStore"], wanted: Wanted): Promise<ObjectStore | undefined> {
  try {
    return await openStore();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new TransferError(wanted, undefined, error.message.replace(/^Cannot /, "one cannot "), "said");
  }
}
