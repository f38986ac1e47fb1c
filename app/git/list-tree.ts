import { canonicalMode } from "#core/identity/canonical-mode.ts";
import type { Tree, TreeEntry } from "#core/identity/tree.ts";
import { parseBlobSha } from "#core/names.ts";
import { ServiceError } from "#core/ports.ts";
import type { GitObject } from "./process/object-reader.ts";
import type { Git } from "./open-git.ts";

type Entry = { name: string; mode: string; id: string };

/** Trees that a handle has read: they never change, and most of a tree is that of the commit before. */
const known = new WeakMap<Git, Map<string, readonly Entry[]>>();
const mostKnown = 5_000;

/** Every file of a commit or tree, by path. Throws `not-found`, or `refused` if a path is not UTF-8. */
export async function listTree(git: Git, id: string): Promise<Tree> {
  const root = await git.object(`${id}^{tree}`);
  if (root === undefined) {
    throw new ServiceError(
      "not-found",
      `Cannot list the files of "${id}" in "${git.folder}": there is no such commit or tree`,
    );
  }
  const tree = new Map<string, TreeEntry>();
  for (const entry of await listEntries(git, id, "", root.id, root)) tree.set(entry.path, entry);
  return tree;
}

/** The files below a tree, in git's order. */
async function listEntries(
  git: Git,
  id: string,
  folder: string,
  treeId: string,
  object?: GitObject,
): Promise<TreeEntry[]> {
  const entries = await readEntries(git, id, folder, treeId, object);
  const parts = entries.map(async ({ name, mode, id: blob }): Promise<TreeEntry[]> => {
    const path = `${folder}${name}`;
    if (mode === "40000") return listEntries(git, id, `${path}/`, blob);
    return [{ path, mode: canonicalMode(mode), blob: parseBlobSha(blob) }];
  });
  return (await Promise.all(parts)).flat();
}

async function readEntries(
  git: Git,
  id: string,
  folder: string,
  treeId: string,
  object: GitObject | undefined,
): Promise<readonly Entry[]> {
  const trees = known.get(git) ?? new Map<string, readonly Entry[]>();
  known.set(git, trees);
  const before = trees.get(treeId);
  if (before !== undefined) return before;
  const found = object ?? (await git.object(treeId));
  if (found?.kind !== "tree") {
    throw new ServiceError("broken", `Cannot list "${folder}" of "${id}" in "${git.folder}": its tree is missing`);
  }
  const entries = parseEntries(found, (name) => {
    const path = `${folder}${name}`;
    return new ServiceError(
      "refused",
      `Cannot list the files of "${id}": the path "${path}" is not UTF-8; rename the file`,
    );
  });
  if (trees.size >= mostKnown) trees.clear();
  trees.set(treeId, entries);
  return entries;
}

/** A tree object: `<mode> <name>` NUL, then the id in bytes, again and again. */
function parseEntries({ bytes, id }: GitObject, refuse: (name: string) => ServiceError): readonly Entry[] {
  const entries: Entry[] = [];
  const idBytes = id.length / 2;
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at);
    const end = space === -1 ? -1 : bytes.indexOf(0, space);
    if (end === -1 || end + 1 + idBytes > bytes.length) {
      throw new ServiceError("broken", `Cannot read the tree ${id}: it is damaged; run "git fsck"`);
    }
    const name = bytes.toString("utf8", space + 1, end);
    // whatever is not UTF-8 comes back as something else
    if (name.includes("\uFFFD") && !Buffer.from(name).equals(bytes.subarray(space + 1, end))) throw refuse(name);
    entries.push({
      name,
      // old tools wrote zeros before it
      mode: bytes.toString("latin1", at, space).replace(/^0+/, ""),
      id: bytes.toString("hex", end + 1, end + 1 + idBytes),
    });
    at = end + 1 + idBytes;
  }
  return entries;
}
