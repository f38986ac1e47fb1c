import type { Tree, TreeEntry } from "./tree.ts";

/** A merge computed file by file, or why it must not be believed; then the branch has to be updated. */
export type MergedTree = { kind: "merged"; tree: Tree } | { kind: "stale"; because: string };

type Change = { path: string; before: TreeEntry | undefined; after: TreeEntry | undefined };

/**
 * What merging head into base would hold, if that can be said without reading a file: no path changed on both sides
 * (not even identically), no folder that one side emptied gets files from the other (git may move those along), and no
 * path is both file and folder. `ancestor` is the tree of their merge base.
 */
export function mergeTrees(base: Tree, ancestor: Tree, head: Tree): MergedTree {
  const ours = findChanges(ancestor, base);
  const theirs = findChanges(ancestor, head);
  for (const path of theirs.keys()) if (ours.has(path)) return stale(`"${path}" changed on both sides`);
  const moved = findMovedFolder(ancestor, ours, theirs) ?? findMovedFolder(ancestor, theirs, ours);
  if (moved !== undefined) return stale(moved);
  const tree = new Map(base);
  for (const { path, after } of theirs.values()) {
    if (after === undefined) tree.delete(path);
    else tree.set(path, after);
  }
  for (const { path, after } of [...ours.values(), ...theirs.values()]) {
    if (after === undefined) continue;
    const file = parentFolders(path).find((folder) => tree.has(folder));
    if (file !== undefined) return stale(`"${file}" is a file on one side and a folder on the other`);
  }
  return { kind: "merged", tree };
}

function stale(because: string): MergedTree {
  return { kind: "stale", because };
}

function findChanges(before: Tree, after: Tree): ReadonlyMap<string, Change> {
  const changes = new Map<string, Change>();
  for (const [path, entry] of after) {
    const old = before.get(path);
    if (old?.blob !== entry.blob || old.mode !== entry.mode) changes.set(path, { path, before: old, after: entry });
  }
  for (const [path, old] of before) if (!after.has(path)) changes.set(path, { path, before: old, after: undefined });
  return changes;
}

/**
 * git moves what one side adds to a folder that the other side renamed. A rename shows as a folder without files left
 * on a side that also added some; whether their content is alike cannot be seen from here, so any will do.
 */
function findMovedFolder(
  ancestor: Tree,
  mover: ReadonlyMap<string, Change>,
  other: ReadonlyMap<string, Change>,
): string | undefined {
  const touched = new Set<string>();
  let added = false;
  for (const { path, before, after } of mover.values()) {
    if (before === undefined) added = true;
    if (after === undefined) for (const folder of parentFolders(path)) touched.add(folder);
  }
  if (!added || touched.size === 0) return undefined;
  for (const [path] of ancestor) {
    if (mover.get(path)?.after !== undefined || !mover.has(path))
      for (const folder of parentFolders(path)) touched.delete(folder);
  }
  for (const { path, before, after } of mover.values()) {
    if (before === undefined && after !== undefined) for (const folder of parentFolders(path)) touched.delete(folder);
  }
  for (const { path, before } of other.values()) {
    if (before !== undefined) continue;
    const folder = parentFolders(path).find((parent) => touched.has(parent));
    if (folder !== undefined)
      return `folder "${folder}" was moved on one side, and the other side added "${path}" to it`;
  }
  return undefined;
}

/** `a` and `a/b` of `a/b/c`. */
export function parentFolders(path: string): readonly string[] {
  const folders: string[] = [];
  for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1))
    folders.push(path.slice(0, slash));
  return folders;
}
