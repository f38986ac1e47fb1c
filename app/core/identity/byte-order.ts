import type { Tree, TreeEntry } from "./tree.ts";

/** Orders two texts by their UTF-8 bytes, which is also the order of their code points. For `sort`. */
export function compareBytes(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index += 1) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left !== right) return byteRank(left) - byteRank(right);
  }
  return a.length - b.length;
}

/** UTF-16 sorts surrogates before U+E000 to U+FFFF, UTF-8 behind them. */
function byteRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x10000 : unit;
}

const sorted = new WeakMap<Tree, readonly TreeEntry[]>();

/** Every file of a tree in the order of its path's bytes. Computed once a tree: a tree must not change after that. */
export function listTree(tree: Tree): readonly TreeEntry[] {
  const known = sorted.get(tree);
  if (known !== undefined) return known;
  const entries = sortEntries([...tree.values()]);
  sorted.set(tree, entries);
  return entries;
}

/** The entries in the order of their path's bytes. */
export function sortEntries(entries: readonly TreeEntry[]): readonly TreeEntry[] {
  return entries.toSorted((a, b) => compareBytes(a.path, b.path));
}
