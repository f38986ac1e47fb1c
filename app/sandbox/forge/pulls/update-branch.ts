import { type Actor, githubError, type Repo } from "#sandbox/forge/contract.ts";
import { mayPushTo } from "#sandbox/forge/forks/may-push.ts";
import { mergeCommits } from "#sandbox/forge/git/merge-trees.ts";
import { signatureOf, webSignature } from "#sandbox/forge/git/signature.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { demandRules } from "#sandbox/forge/rules/judge-ref.ts";
import { announceRefs } from "./announce-push.ts";
import { mustFindPull } from "./pull.ts";

/** Merges the base branch into the head branch. Throws GitHub's 422s. */
export async function updateBranch(
  forge: ForgeInside,
  repo: Repo,
  number: number,
  expected: string | undefined,
  actor: Actor,
): Promise<void> {
  const source = forge.repoById(mustFindPull(repo, number).pull.head.repository) ?? repo;
  // of a fork only the fork's branch moves
  await source.git.exclusively(async () => {
    const { pull, issue } = mustFindPull(repo, number);
    if (source.id !== repo.id && !mayPushTo(forge, source, pull.head.ref, actor)) {
      throw githubError(403, "You do not have permission to push to the head branch of this pull request");
    }
    const head = pull.head.sha;
    if (expected !== undefined && expected !== head) {
      throw githubError(422, "expected head sha didn’t match current head ref.");
    }
    const base = await repo.git.branch(pull.base.ref);
    if (issue.state !== "open" || base === undefined) throw githubError(422, "The pull request is not open");
    if (await repo.git.isAncestor(base, head)) {
      throw githubError(422, "There are no new commits on the base branch.");
    }
    const merge = await mergeCommits(repo.git, head, base);
    if (merge.kind === "conflict") throw githubError(422, "merge conflict between base and head");
    const at = forge.now();
    const author = actor.account === null ? webSignature(at) : signatureOf(actor.account, at);
    const message = `Merge branch '${pull.base.ref}' into ${pull.head.ref}`;
    const commit = await repo.git.writeCommit({
      tree: merge.tree,
      parents: [head, base],
      author,
      committer: webSignature(at),
      message,
    });
    const change = { name: `refs/heads/${pull.head.ref}`, before: head, after: commit };
    await demandRules(source, change, actor);
    await source.git.moveRefs([change]);
    await announceRefs(forge, source, [change], actor);
  });
}
