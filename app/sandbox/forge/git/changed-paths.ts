import type { GitStore } from "./git-store.ts";
import type { TreeEntry } from "./objects.ts";

export type ChangedPaths = { added: string[]; removed: string[]; modified: string[] };

/** Which files differ between two trees (null: nothing), by path, renames not looked for. */
export async function changedPaths(git: GitStore, from: string | null, to: string | null): Promise<ChangedPaths> {
  const paths: ChangedPaths = { added: [], removed: [], modified: [] };
  await compare(git, from, to, "", paths);
  return paths;
}

async function compare(
  git: GitStore,
  from: string | null,
  to: string | null,
  prefix: string,
  paths: ChangedPaths,
): Promise<void> {
  if (from === to) return;
  const read = async (tree: string | null): Promise<Map<string, TreeEntry>> => {
    const entries = tree === null ? [] : ((await git.tree(tree)) ?? []);
    return new Map(entries.map((entry) => [entry.name, entry]));
  };
  const [old, fresh] = [await read(from), await read(to)];
  for (const name of new Set([...old.keys(), ...fresh.keys()])) {
    const [before, after] = [old.get(name), fresh.get(name)];
    if (before?.sha === after?.sha && before?.mode === after?.mode) continue;
    const path = prefix + name;
    const folder = (entry: TreeEntry | undefined): string | null => (entry?.kind === "tree" ? entry.sha : null);
    const [wasFile, isFile] = [
      before !== undefined && folder(before) === null,
      after !== undefined && folder(after) === null,
    ];
    if (wasFile && isFile) paths.modified.push(path);
    else if (wasFile) paths.removed.push(path);
    else if (isFile) paths.added.push(path);
    // oxlint-disable-next-line no-await-in-loop -- paths come in order
    await compare(git, folder(before), folder(after), `${path}/`, paths);
  }
}
