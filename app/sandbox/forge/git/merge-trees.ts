import type { GitStore } from "./git-store.ts";
import { runGit } from "./run-git.ts";

export type Merge = { kind: "clean"; tree: string } | { kind: "conflict"; paths: readonly string[] };

/** Merges two commits as GitHub does (git's ort strategy), without a checkout; answers the tree or what conflicts. */
export async function mergeCommits(git: GitStore, ours: string, theirs: string): Promise<Merge> {
  const key = `merge ${ours} ${theirs}`;
  const merge = await git.remember<Merge>(key, async () => {
    const args = ["merge-tree", "--write-tree", "--name-only", "--no-messages", ours, theirs];
    const { code, stdout } = await runGit(git.folder, args, { accept: [0, 1] });
    const [tree = "", ...paths] = stdout
      .toString("utf8")
      .split("\n")
      .filter((line) => line !== "");
    return code === 0 ? { kind: "clean", tree } : { kind: "conflict", paths };
  });
  if (merge === undefined) throw new Error(`git merge-tree gave no answer for ${ours} and ${theirs}`);
  return merge;
}

const nobody = { name: "forge", email: "forge@localhost", seconds: 0, zone: "+0000" };

/**
 * A three-way merge of trees over a base of our choice (what cherry-pick, rebase and revert are made of). git learned
 * `--merge-base` in 2.40 only: commits that exist for this question alone say the same to older ones.
 */
export async function mergeOver(git: GitStore, trees: { base: string; ours: string; theirs: string }): Promise<Merge> {
  const commit = (tree: string, parents: readonly string[]): Promise<string> =>
    git.writeCommit({ tree, parents, author: nobody, committer: nobody, message: "question\n" });
  const base = await commit(trees.base, []);
  // a side equal to its base would be the base commit's child all the same: the tree decides, not the history
  const [ours, theirs] = await Promise.all([commit(trees.ours, [base]), commit(trees.theirs, [base, base])]);
  return mergeCommits(git, ours, theirs);
}
