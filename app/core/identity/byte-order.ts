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
const inOrder = new WeakSet<readonly TreeEntry[]>();

/** Every file of a tree in the order of its path's bytes. Computed once a tree: a tree must not change after that. */
export function listTree(tree: Tree): readonly TreeEntry[] {
  const known = sorted.get(tree);
  if (known !== undefined) return known;
  const entries = sortEntries([...tree.values()]);
  sorted.set(tree, entries);
  return entries;
}

/** The entries in the order of their path's bytes. Lists made here are known to be in order, and not sorted again. */
export function sortEntries(entries: readonly TreeEntry[]): readonly TreeEntry[] {
  if (inOrder.has(entries)) return entries;
  const ordered = entries.toSorted((a, b) => compareBytes(a.path, b.path));
  inOrder.add(ordered);
  return ordered;
}

/** Those of the entries, which are in order, whose index is to be kept; still in order. */
export function keepEntries(entries: readonly TreeEntry[], keep: (index: number) => boolean): readonly TreeEntry[] {
  const kept = entries.filter((_, index) => keep(index));
  if (inOrder.has(entries)) inOrder.add(kept);
  return kept;
}

/** Index of the first entry, of entries in order, whose path does not come before this text. */
export function findEntry(entries: readonly TreeEntry[], text: string): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(entries[middle]?.path ?? "", text) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
