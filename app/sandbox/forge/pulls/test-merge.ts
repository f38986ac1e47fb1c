import type { Repo } from "#sandbox/forge/contract.ts";
import { mergeCommits } from "#sandbox/forge/git/merge-trees.ts";
import { GitError } from "#sandbox/forge/git/run-git.ts";
import { signatureOf, webSignature } from "#sandbox/forge/git/signature.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { changePull, findPull } from "./pull.ts";

const underWay = new WeakMap<Repo, Map<number, Promise<string | null>>>();

/**
 * Answers the test merge commit of an open pull request onto the base branch as it is, null where they conflict. As on
 * GitHub the commit is made anew when the head moves or the merge base changes, not when only the base branch moved.
 */
export function testMerge(forge: ForgeInside, repo: Repo, number: number): Promise<string | null> {
  const running = underWay.get(repo) ?? new Map<number, Promise<string | null>>();
  underWay.set(repo, running);
  const current = running.get(number);
  if (current !== undefined) return current;
  const work = compute(forge, repo, number)
    .catch((cause: unknown) => {
      // the ref moved under us (the pull request was closed, or pushed to): look again
      if (cause instanceof GitError) return compute(forge, repo, number);
      throw cause;
    })
    .finally(() => running.delete(number));
  running.set(number, work);
  return work;
}

async function compute(forge: ForgeInside, repo: Repo, number: number): Promise<string | null> {
  const found = findPull(repo, number);
  if (found === undefined || found.issue.state !== "open") return null;
  const { pull } = found;
  const base = await repo.git.branch(pull.base.ref);
  if (base === undefined) return null;
  const head = pull.head.sha;
  if (pull.mergeable !== null && pull.tested?.base === base && pull.tested.head === head) return pull.merge_commit_sha;
  const merge = await mergeCommits(repo.git, base, head);
  const commit = merge.kind === "clean" ? await refreshed(forge, repo, number, base, merge.tree) : null;
  const again = findPull(repo, number);
  if (again === undefined || again.issue.state !== "open") return commit;
  // whoever moved the head meanwhile asks again
  if (again.pull.head.sha !== head) return compute(forge, repo, number);
  changePull(repo, again, {
    pull: { mergeable: merge.kind === "clean", merge_commit_sha: commit, tested: { base, head } },
  });
  return commit;
}

async function refreshed(
  forge: ForgeInside,
  repo: Repo,
  number: number,
  base: string,
  tree: string,
): Promise<string | null> {
  const { git } = repo;
  const found = findPull(repo, number);
  if (found === undefined) return null;
  const { pull, issue } = found;
  const head = pull.head.sha;
  const ref = `refs/pull/${number}/merge`;
  const old = (await git.ref(ref))?.sha;
  const previous = old === undefined ? undefined : await git.commit(old);
  const [oldBase, oldHead] = previous?.parents ?? [];
  if (old !== undefined && oldBase !== undefined && oldHead === head) {
    const [was, is] = await Promise.all([git.mergeBase(oldBase, head), git.mergeBase(base, head)]);
    if (was === is) return old;
  }
  const author = forge.account(issue.user);
  const at = forge.now();
  const commit = await git.writeCommit({
    tree,
    parents: [base, head],
    author: author === undefined ? webSignature(at) : signatureOf(author, at),
    committer: webSignature(at),
    message: `Merge ${head} into ${base}`,
  });
  await git.moveRefs([{ name: ref, before: old ?? null, after: commit }]);
  return commit;
}
