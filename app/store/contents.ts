import { join } from "node:path";
import type { ObjectStore } from "#core/object-store.ts";
import type { Contents } from "#core/pointer/contents.ts";
import { fetchObject } from "./transfer/fetch-object.ts";
import { fetchOut, type FetchOutOptions } from "./transfer/fetch-out.ts";
import { layFile, type ObjectCache } from "./workspace/object-cache.ts";

export type ContentsOptions = FetchOutOptions & {
  store: ObjectStore | undefined;
  cache: ObjectCache;
  /** the repository's own LFS, keys being SHA-256; undefined: there is none */
  lfs?: ObjectStore | undefined;
};

/** Contents of pointers out of a store, by way of a cache on this machine. */
export function openContents(options: ContentsOptions): Contents {
  const { store, cache, lfs, onBytes, ...rest } = options;
  return {
    async lay(out, pointer, to) {
      const files = await fetchOut({ cache, store }, out, pointer, { ...rest, onBytes });
      for (const { relpath, file } of files) {
        // oxlint-disable-next-line no-await-in-loop -- one disk
        await layFile(file, relpath === "" ? to : join(to, relpath));
      }
      return files.map(({ relpath }) => relpath);
    },
    async layLfs({ sha256, size }, shown, to) {
      if (lfs === undefined)
        throw new Error(
          `Cannot fetch "${shown}": it is a Git LFS pointer (sha256 ${sha256}), and this repository names no LFS server here; commit the file itself`,
        );
      const file = join(cache.folder, "lfs", sha256);
      const wanted = { keys: [sha256], sha256, size, shown, pointer: shown };
      await fetchObject(lfs, wanted, file, { ...rest, onBytes: (done) => onBytes?.(shown, done, size) });
      await layFile(file, to);
    },
  };
}
