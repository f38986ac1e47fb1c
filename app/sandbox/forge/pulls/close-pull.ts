import { type Actor, githubError, type Repo } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { emitPull } from "./emit-pull.ts";
import { changePull, type Pull } from "./pull.ts";

/** Closes a pull request unmerged. Its test merge goes. Call inside `git.exclusively`. */
export async function closePull(forge: ForgeInside, repo: Repo, found: Pull, actor: Actor): Promise<void> {
  const { number } = found.issue;
  const now = forge.instant();
  changePull(repo, found, {
    issue: { state: "closed", closed_at: now, closed_by: actor.account?.login ?? null, updated_at: now },
    pull: { mergeable: null, merge_commit_sha: null, tested: null },
  });
  await dropTestMerge(repo, number);
  await emitPull(forge, repo, number, "closed", actor);
}

export async function dropTestMerge(repo: Repo, number: number): Promise<void> {
  const name = `refs/pull/${number}/merge`;
  const old = await repo.git.ref(name);
  if (old !== undefined) await repo.git.moveRefs([{ name, before: old.sha, after: null }]);
}

/** Opens it again where it was, if its branch still stands there. Call inside `git.exclusively`. */
export async function reopenPull(forge: ForgeInside, repo: Repo, found: Pull, actor: Actor): Promise<void> {
  const { pull, issue } = found;
  const source = forge.repoById(pull.head.repository) ?? repo;
  const [head, base] = await Promise.all([source.git.branch(pull.head.ref), repo.git.branch(pull.base.ref)]);
  const refused = (why: string): never => {
    throw githubError(422, "Validation Failed", [
      { resource: "PullRequest", code: "invalid", field: "state", message: `state cannot be changed. ${why}` },
    ]);
  };
  if (pull.merged) refused("The pull request cannot be reopened.");
  if (head === undefined) return refused(`The ${pull.head.ref} branch has been deleted.`);
  if (base === undefined) return refused(`The ${pull.base.ref} branch has been deleted.`);
  if (!(await repo.git.isAncestor(pull.head.sha, head)))
    refused(`The ${pull.head.ref} branch was force-pushed or recreated.`);
  const now = forge.instant();
  changePull(repo, found, {
    issue: { state: "open", state_reason: "reopened", closed_at: null, closed_by: null, updated_at: now },
    pull: { head: { ...pull.head, sha: head }, base: { ...pull.base, sha: base }, mergeable: null, tested: null },
  });
  await setHeadRef(repo, issue.number, head);
  await emitPull(forge, repo, issue.number, "reopened", actor);
}

export async function setHeadRef(repo: Repo, number: number, head: string): Promise<void> {
  const name = `refs/pull/${number}/head`;
  const old = await repo.git.ref(name);
  if (old?.sha !== head) await repo.git.moveRefs([{ name, before: old?.sha ?? null, after: head }]);
}
