import { createHash } from "node:crypto";
import type { Tree, TreeEntry } from "#core/identity/tree.ts";
import { parseBlobSha } from "#core/names.ts";

/** A tree as git would have it of these files; `{ mode, content }` for another mode than that of a plain file. */
export function treeOf(files: Readonly<Record<string, string | { mode: string; content: string }>>): Tree {
  const tree = new Map<string, TreeEntry>();
  for (const [path, file] of Object.entries(files)) {
    const { mode, content } = typeof file === "string" ? { mode: "100644", content: file } : file;
    tree.set(path, { path, mode, blob: blobOf(content) });
  }
  return tree;
}

/** git's blob id: SHA-1 over `blob <size>\0<content>`. */
function blobOf(content: string): TreeEntry["blob"] {
  const bytes = Buffer.from(content);
  return parseBlobSha(createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex"));
}
