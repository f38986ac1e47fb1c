import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Contents } from "#core/pointer/contents.ts";
import { openContents } from "#store/contents.ts";
import { localLfs } from "#store/lfs-store.ts";
import { openStore } from "#store/open-store.ts";
import { openGit } from "#git/open-git.ts";
import { cacheOf, findAddress } from "./find-address.ts";
import { releaseObjects } from "./release-objects.ts";

/** What pointers of a clone stand for: out of its own cache, else out of the store that its files name. */
export function cloneContents(root: string, gitDir: string, onFetch: (shown: string) => void): Contents {
  const said = new Set<string>();
  const contents = openContents({
    address: async () => await Promise.resolve(findAddress(root)?.store),
    open: async (address) =>
      await openStore(address, {
        root,
        env: process.env,
        releases: async () => {
          const git = await openGit(root);
          try {
            return await releaseObjects(git, {});
          } finally {
            git.close();
          }
        },
      }),
    cacheFor: () => cacheOf(root),
    lfs: localLfs(join(gitDir, "lfs", "objects")),
    onBytes(shown) {
      if (said.has(shown)) return;
      said.add(shown);
      onFetch(shown);
    },
  });
  // What this clone has fetched before needs no store.
  return {
    ...contents,
    reach: async () => (existsSync(cacheOf(root).folder) ? "store" : await contents.reach()),
  };
}
