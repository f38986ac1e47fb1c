import { join } from "node:path";
import type { ObjectStore } from "#core/object-store.ts";
import type { Contents, Fetched } from "#core/pointer/contents.ts";
import type { Out } from "#core/pointer/pointer.ts";
import type { StoreAddress } from "#core/store-address.ts";
import { lfsKey } from "./lfs-store.ts";
import { fetchObject } from "./transfer/fetch-object.ts";
import { fetchOut, type FetchOutOptions } from "./transfer/fetch-out.ts";
import type { ObjectCache } from "./workspace/object-cache.ts";

export type ContentsOptions = FetchOutOptions & {
  /** where the data is stored; undefined: nothing says it */
  address(): Promise<StoreAddress | undefined>;
  open(address: StoreAddress): Promise<ObjectStore>;
  /** the cache that keeps this object, one for each out if you like */
  cacheFor(id: string): ObjectCache;
  /** the repository's own LFS, keys being SHA-256; undefined: there is none */
  lfs?: ObjectStore | undefined;
  /** may bring what was kept of an object before; it is verified like everything else */
  restore?: ((id: string) => Promise<void>) | undefined;
  /** what was fetched is whole now */
  keep?: ((id: string) => Promise<void>) | undefined;
};

/** Contents of pointers out of a store, by way of a cache on this machine. Each is fetched once. */
export function openContents(options: ContentsOptions): Contents {
  const { open, cacheFor, lfs, restore, keep, onBytes, signal, patience } = options;
  const rest = { signal, patience };
  const fetched = new Map<string, Promise<readonly Fetched[]>>();
  let address: Promise<StoreAddress | undefined> | undefined;
  const findAddress = async (): Promise<StoreAddress | undefined> => await (address ??= options.address());
  let store: Promise<ObjectStore | undefined> | undefined;
  const openOnce = async (): Promise<ObjectStore | undefined> =>
    await (store ??= findAddress().then((found) => (found === undefined ? undefined : open(found))));

  async function bring(out: Out, pointer: string, id: string): Promise<readonly Fetched[]> {
    await restore?.(id);
    let loaded = false;
    const files = await fetchOut({ cache: cacheFor(id), openStore: openOnce }, out, pointer, {
      ...rest,
      onBytes: (...said) => {
        loaded = true;
        onBytes?.(...said);
      },
    });
    if (loaded) await keep?.(id);
    return files;
  }

  async function once(key: string, work: () => Promise<readonly Fetched[]>): Promise<readonly Fetched[]> {
    const known = fetched.get(key) ?? work();
    fetched.set(key, known);
    try {
      return await known;
    } catch (error) {
      fetched.delete(key);
      throw error;
    }
  }

  return {
    async reach() {
      const found = await findAddress();
      if (found === undefined) return "unnamed";
      return found.kind === "foreign" ? "foreign" : "store";
    },
    async fetch(out, pointer) {
      const id = out.folder ? `${out.md5}.dir` : out.md5;
      return await once(`${id} ${out.sha256 ?? ""}`, async () => await bring(out, pointer, id));
    },
    async fetchLfs({ sha256, size }, shown) {
      if (lfs === undefined)
        throw new Error(
          `Cannot fetch "${shown}": it is a pointer of Git LFS (sha256 ${sha256}), and no LFS server is known here; commit the file itself, or keep it with trainyard data add`,
        );
      const [found] = await once(sha256, async () => {
        await restore?.(sha256);
        const file = join(cacheFor(sha256).folder, "lfs", sha256);
        const wanted = { keys: [lfsKey({ sha256, size })], sha256, size, shown, pointer: shown };
        const { md5 } = await fetchObject(lfs, wanted, file, {
          ...rest,
          onBytes: (done) => onBytes?.(shown, done, size),
        });
        await keep?.(sha256);
        return [{ relpath: "", file, md5 }];
      });
      return found?.file ?? "";
    },
  };
}
