import { type Actor, githubError, type Repo } from "#sandbox/forge/contract.ts";
import type { RefChange } from "#sandbox/forge/git/git-store.ts";
import type { CommitObject } from "#sandbox/forge/git/objects.ts";
import { mergeCommits, mergeOver } from "#sandbox/forge/git/merge-trees.ts";
import { signatureOf, webSignature } from "#sandbox/forge/git/signature.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { pullCommits } from "#sandbox/forge/present/pull.ts";
import { mergeViolations } from "#sandbox/forge/rules/judge-merge.ts";
import { ruleMessage, sayMissing } from "#sandbox/forge/rules/judge-ref.ts";
import { announceRefs } from "./announce-push.ts";
import { markMerged } from "./follow-push.ts";
import { missingChecksOf } from "./missing-checks.ts";
import { changePull, mustFindPull, type Pull } from "./pull.ts";

export type MergeMethod = "merge" | "squash" | "rebase";
export type MergeAsked = {
  method: MergeMethod;
  sha: string | undefined;
  title: string | undefined;
  message: string | undefined;
};

const allowed = { merge: "allow_merge_commit", squash: "allow_squash_merge", rebase: "allow_rebase_merge" } as const;
const notAllowed = {
  merge: "Merge commits are not allowed on this repository.",
  squash: "Squash merges are not allowed on this repository.",
  rebase: "Rebase merges are not allowed on this repository.",
} as const;

/** Merges an open pull request; answers the commit that the base branch then stands at. Throws GitHub's 405 and 409. */
export async function mergePull(
  forge: ForgeInside,
  repo: Repo,
  number: number,
  asked: MergeAsked,
  actor: Actor,
): Promise<string> {
  return repo.git.exclusively(async () => {
    const found = mustFindPull(repo, number);
    const base = await demandMergeable(forge, repo, found, asked, actor);
    const commit = await writeMerge(forge, repo, found, base, asked, actor);
    const name = `refs/heads/${found.pull.base.ref}`;
    await repo.git.moveRefs([{ name, before: base, after: commit }]);
    await markMerged(forge, repo, found, { commit, base }, actor);
    const gone = await mergedBranch(repo, found);
    if (gone.length > 0) await repo.git.moveRefs(gone);
    await announceRefs(forge, repo, [{ name, before: base, after: commit }, ...gone], actor);
    return commit;
  });
}

/** The branch that goes with a merge, if the repository wants that and it is its own. */
export async function mergedBranch(repo: Repo, { pull }: Pull): Promise<readonly RefChange[]> {
  const name = `refs/heads/${pull.head.ref}`;
  const goes = repo.record.delete_branch_on_merge && pull.head.repository === repo.id;
  const head = goes ? await repo.git.ref(name) : undefined;
  return head === undefined ? [] : [{ name, before: head.sha, after: null }];
}

async function demandMergeable(
  forge: ForgeInside,
  repo: Repo,
  { pull, issue }: Pull,
  asked: MergeAsked,
  actor: Actor,
): Promise<string> {
  const no = (message: string): never => {
    throw githubError(405, message);
  };
  if (pull.merged || issue.state !== "open") no("Pull Request is not mergeable");
  if (pull.draft) no("Pull Request is still a draft");
  if (!repo.record[allowed[asked.method]]) no(notAllowed[asked.method]);
  if (asked.sha !== undefined && asked.sha !== pull.head.sha) {
    throw githubError(409, "Head branch was modified. Review and try the merge again.");
  }
  const base = await repo.git.branch(pull.base.ref);
  if (base === undefined) return no("Base branch does not exist");
  const protecting = (repo.record.required_checks?.[pull.base.ref] ?? []).map((context) => ({ context }));
  const [missing] = missingChecksOf(repo, protecting, pull.head.sha);
  if (missing !== undefined) no(sayMissing(missing));
  const violations = await mergeViolations(repo, { pull, issue }, base, actor, asked.method);
  if (violations.length > 0) no(ruleMessage(violations));
  const merge = await mergeCommits(repo.git, base, pull.head.sha);
  if (merge.kind === "conflict") {
    changePull(
      repo,
      { pull, issue },
      { pull: { mergeable: false, merge_commit_sha: null, tested: { base, head: pull.head.sha } } },
    );
    no("Pull Request is not mergeable");
  }
  return base;
}

/** Writes the commits that merge a pull request onto `base`; no ref moves. Throws 405 where they conflict. */
export async function writeMerge(
  forge: ForgeInside,
  repo: Repo,
  found: Pull,
  base: string,
  asked: MergeAsked,
  actor: Actor,
): Promise<string> {
  const { pull, issue } = found;
  const { git } = repo;
  if (asked.method === "rebase") return rebase(forge, repo, found, base, actor);
  const merge = await mergeCommits(git, base, pull.head.sha);
  if (merge.kind === "conflict") throw githubError(405, "Pull Request is not mergeable");
  const at = forge.now();
  const merger = actor.account === null ? webSignature(at) : signatureOf(actor.account, at);
  if (asked.method === "merge") {
    const { owner } = (forge.repoById(pull.head.repository) ?? repo).record;
    const title = asked.title ?? `Merge pull request #${issue.number} from ${owner}/${pull.head.ref}`;
    const message = joinMessage(title, asked.message ?? issue.title);
    return git.writeCommit({
      tree: merge.tree,
      parents: [base, pull.head.sha],
      author: merger,
      committer: webSignature(at),
      message,
    });
  }
  const commits = await readCommits(repo, found, base);
  const [only] = commits;
  const single = commits.length === 1 && only !== undefined;
  const title = asked.title ?? `${single ? titleOf(only.message) : issue.title} (#${issue.number})`;
  const list = commits.map((commit) => `* ${commit.message.trim()}`).join("\n\n");
  const message = joinMessage(title, asked.message ?? (single ? bodyOf(only.message) : list));
  const author = forge.account(issue.user);
  const by = author === undefined ? merger : signatureOf(author, at);
  return git.writeCommit({ tree: merge.tree, parents: [base], author: by, committer: webSignature(at), message });
}

/** The commits of the pull request one by one onto the base; merges among them vanish, as on GitHub. */
async function rebase(forge: ForgeInside, repo: Repo, found: Pull, base: string, actor: Actor): Promise<string> {
  const at = forge.now();
  const committer = actor.account === null ? webSignature(at) : signatureOf(actor.account, at);
  let tip = base;
  for (const commit of await readCommits(repo, found, base)) {
    const [parent] = commit.parents;
    if (commit.parents.length !== 1 || parent === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop -- each stands on the one before it
    const [before, onto] = await Promise.all([repo.git.commit(parent), repo.git.commit(tip)]);
    const trees = { base: before?.tree ?? "", ours: onto?.tree ?? "", theirs: commit.tree };
    // oxlint-disable-next-line no-await-in-loop -- the same
    const merge = await mergeOver(repo.git, trees);
    if (merge.kind === "conflict") throw githubError(405, "This branch can't be rebased");
    const { author, message } = commit;
    // oxlint-disable-next-line no-await-in-loop -- the same
    tip = await repo.git.writeCommit({ tree: merge.tree, parents: [tip], author, committer, message });
  }
  return tip;
}

async function readCommits(repo: Repo, { pull, issue }: Pull, base: string): Promise<CommitObject[]> {
  const shas = await pullCommits(repo, { issue, pull: { ...pull, base: { ...pull.base, sha: base } } });
  const commits = await Promise.all(shas.map((sha) => repo.git.commit(sha)));
  return commits.filter((commit) => commit !== undefined);
}

const titleOf = (message: string): string => message.split("\n")[0] ?? "";
const bodyOf = (message: string): string => message.split("\n").slice(1).join("\n").trim();

function joinMessage(title: string, body: string): string {
  return body.trim() === "" ? title : `${title}\n\n${body.trim()}`;
}
