import { mergeTrees } from "#core/identity/merged-tree.ts";
import type { Tree } from "#core/identity/tree.ts";
import type { CommitSha } from "#core/names.ts";
import type { PullRequest, Repository } from "#core/ports.ts";

export type MergedTree =
  | { kind: "merged"; tree: Tree; objects: readonly CommitSha[] }
  | { kind: "stale"; because: string }
  | { kind: "conflict"; because: string };

/**
 * What the default branch would hold after this pull request: the service's test merge where its parents are exactly
 * base and head, else computed file by file. `objects` are the commits to fetch so that every blob can be read.
 */
export async function readMergedTree(repository: Repository, pull: PullRequest, base: CommitSha): Promise<MergedTree> {
  const { head } = pull;
  if (pull.testMerge !== undefined) {
    const commit = await repository.commit(pull.testMerge);
    if (
      commit !== undefined &&
      commit.parents.length === 2 &&
      commit.parents[0] === base &&
      commit.parents[1] === head.sha
    ) {
      return { kind: "merged", tree: await repository.tree(commit.tree), objects: [commit.sha] };
    }
  }
  if (pull.mergeable === false) {
    return {
      kind: "conflict",
      because: `"${head.ref}" conflicts with "${pull.base.ref}": resolve the conflict and push`,
    };
  }
  const ancestor = await repository.mergeBase(base, head.sha);
  if (ancestor === undefined)
    return { kind: "conflict", because: `"${head.ref}" shares no history with "${pull.base.ref}"` };
  const [baseTree, ancestorTree, headTree] = await Promise.all([
    repository.tree(base),
    repository.tree(ancestor),
    repository.tree(head.sha),
  ]);
  const merged = mergeTrees(baseTree, ancestorTree, headTree);
  if (merged.kind === "stale") return merged;
  return { kind: "merged", tree: merged.tree, objects: [base, head.sha] };
}
