import type { BlobSha } from "#core/names.ts";

/** One file of a git tree: its mode ("100644", "100755", "120000" link, "160000" submodule) and blob id. */
export type TreeEntry = { path: string; mode: string; blob: BlobSha };

/** Every file of a commit's tree, recursively, by path. Folders are not in it. Paths are the repository's: untrusted. */
export type Tree = ReadonlyMap<string, TreeEntry>;
