import type { Tree } from "#core/identity/tree.ts";
import type { Commit, TagObject } from "#core/ports.ts";
import { BoundedCache } from "./bounded-cache.ts";

/** What can never be otherwise: objects by the digest of their content, and merge bases. Keys begin with the repository. */
export type ObjectMemory = {
  commits: BoundedCache<Commit | undefined>;
  trees: BoundedCache<Tree>;
  blobs: BoundedCache<Uint8Array>;
  bases: BoundedCache<string | undefined>;
  tags: BoundedCache<TagObject | "none">;
};

/** An empty memory: at most 64 MB of files, 400,000 entries of trees, some thousands of the others. */
export function createMemory(): ObjectMemory {
  return {
    commits: new BoundedCache(2_000),
    trees: new BoundedCache(400_000),
    blobs: new BoundedCache(64 * 1024 * 1024),
    bases: new BoundedCache(2_000),
    tags: new BoundedCache(5_000),
  };
}
