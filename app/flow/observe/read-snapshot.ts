import { configPath, type ConfigProblem } from "#core/config/config.ts";
import { parseOnce } from "#core/config/parse.ts";
import type { Tree } from "#core/identity/tree.ts";
import type { CommitSha, TreeSha } from "#core/names.ts";
import type { Snapshot } from "#core/plan/identify.ts";
import type { Repository } from "#core/ports.ts";

export type ReadSnapshot =
  | { kind: "snapshot"; snapshot: Snapshot }
  | { kind: "no-config"; tree: Tree }
  | { kind: "problems"; tree: Tree; problems: readonly ConfigProblem[] };

/** A commit's (or bare tree's) files and config. */
export async function readSnapshot(
  repository: Repository,
  at: CommitSha | TreeSha,
  commit?: CommitSha,
): Promise<ReadSnapshot> {
  return await readTreeSnapshot(repository, await repository.tree(at), commit);
}

/** The same for a tree that no single object holds, such as a computed merge. */
export async function readTreeSnapshot(repository: Repository, tree: Tree, commit?: CommitSha): Promise<ReadSnapshot> {
  const entry = tree.get(configPath);
  if (entry === undefined) return { kind: "no-config", tree };
  if (entry.mode !== "100644" && entry.mode !== "100755") {
    const message = `"${configPath}" is not a regular file (mode ${entry.mode}): make it one`;
    return { kind: "problems", tree, problems: [{ path: "", line: 1, column: 1, message }] };
  }
  const parsed = parseOnce(await repository.blob(entry.blob));
  if (parsed.kind === "problems") return { kind: "problems", tree, problems: parsed.problems };
  return { kind: "snapshot", snapshot: { commit, tree, config: parsed.config } };
}
