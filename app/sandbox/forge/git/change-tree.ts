import type { GitStore } from "./git-store.ts";
import { kindOfMode, type TreeEntry } from "./objects.ts";

/** `null` removes what is at the path; a file replaces a folder of its name and the other way round. */
export type TreeChange = { path: string; entry: { mode: string; sha: string } | null };

/** Applies changes to a folder's entries, writes the trees that differ and answers the id of the top one. */
export async function writeChanges(
  git: GitStore,
  base: readonly TreeEntry[],
  changes: readonly TreeChange[],
): Promise<string> {
  return (await changed(git, base, changes)) ?? git.writeTree([]);
}

/** undefined: nothing is left in it, and git keeps no empty folders. */
async function changed(
  git: GitStore,
  base: readonly TreeEntry[],
  changes: readonly TreeChange[],
): Promise<string | undefined> {
  const entries = new Map(base.map((entry) => [entry.name, entry]));
  const below = new Map<string, TreeChange[]>();
  for (const { path, entry } of changes) {
    const slash = path.indexOf("/");
    if (slash >= 0) {
      const name = path.slice(0, slash);
      below.set(name, [...(below.get(name) ?? []), { path: path.slice(slash + 1), entry }]);
    } else if (entry === null) entries.delete(path);
    else entries.set(path, { name: path, mode: entry.mode, kind: kindOfMode(entry.mode), sha: entry.sha });
  }
  for (const [name, inner] of below) {
    const old = entries.get(name);
    // oxlint-disable-next-line no-await-in-loop -- folders share the one reader anyway
    const children = old?.kind === "tree" ? ((await git.tree(old.sha)) ?? []) : [];
    // oxlint-disable-next-line no-await-in-loop -- the same
    const sha = await changed(git, children, inner);
    if (sha === undefined) entries.delete(name);
    else entries.set(name, { name, mode: "040000", kind: "tree", sha });
  }
  return entries.size === 0 ? undefined : git.writeTree([...entries.values()]);
}

/** The entry at a path of a tree; the tree itself for "". */
export async function findEntry(git: GitStore, tree: string, path: string): Promise<TreeEntry | undefined> {
  let entry: TreeEntry = { name: "", mode: "040000", kind: "tree", sha: tree };
  for (const part of path.split("/").filter((one) => one !== "")) {
    if (entry.kind !== "tree") return undefined;
    // oxlint-disable-next-line no-await-in-loop -- each folder names the next
    const found = (await git.tree(entry.sha))?.find((one) => one.name === part);
    if (found === undefined) return undefined;
    entry = found;
  }
  return entry;
}
