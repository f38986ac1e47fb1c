import type { Actor, Repo } from "#sandbox/forge/contract.ts";
import type { RefChange } from "#sandbox/forge/git/git-store.ts";
import { networkOf } from "#sandbox/forge/forks/network.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { closePull, dropTestMerge, setHeadRef } from "./close-pull.ts";
import { emitPull } from "./emit-pull.ts";
import { changePull, openPulls, type Pull } from "./pull.ts";

/** Lets the open pull requests from and onto a branch follow what happened to it, those in other repositories soon after. */
export async function followPush(
  forge: ForgeInside,
  repo: Repo,
  branch: string,
  change: RefChange,
  actor: Actor,
): Promise<void> {
  const comesFromHere = ({ pull: { head } }: Pull): boolean => head.repository === repo.id && head.ref === branch;
  for (const other of networkOf(forge, repo)) {
    if (other.id === repo.id || !openPulls(other).some(comesFromHere)) continue;
    // each repository has a turn of its own: a push that waited for another's could be waited for by it
    const following = other.git.exclusively(async () => {
      // oxlint-disable-next-line no-await-in-loop -- events come in order of number
      for (const found of openPulls(other).filter(comesFromHere)) await followHead(forge, other, found, change, actor);
    });
    forge.office.track(following.catch((cause: unknown) => forge.fail(`Following a push failed: ${String(cause)}`)));
  }
  for (const found of openPulls(repo)) {
    const { base } = found.pull;
    // oxlint-disable no-await-in-loop -- events come in order of number
    if (comesFromHere(found)) await followHead(forge, repo, found, change, actor);
    else if (base.ref === branch) await followBase(forge, repo, found, change, actor);
    // oxlint-enable no-await-in-loop
  }
}

async function followHead(
  forge: ForgeInside,
  repo: Repo,
  found: Pull,
  { before, after }: RefChange,
  actor: Actor,
): Promise<void> {
  const { pull, issue } = found;
  const base = await repo.git.branch(pull.base.ref);
  if (after === null || base === undefined) return closePull(forge, repo, found, actor);
  await setHeadRef(repo, issue.number, after);
  const moved = changePull(repo, found, {
    issue: { updated_at: forge.instant() },
    pull: { head: { ...pull.head, sha: after }, base: { ...pull.base, sha: base }, mergeable: null, tested: null },
  });
  // a branch that holds nothing more than its base has nothing to ask for
  if (await repo.git.isAncestor(after, base)) return closePull(forge, repo, moved, actor);
  await emitPull(forge, repo, issue.number, "synchronize", actor, { before, after });
}

async function followBase(
  forge: ForgeInside,
  repo: Repo,
  found: Pull,
  { after }: RefChange,
  actor: Actor,
): Promise<void> {
  const { pull } = found;
  if (after === null) return closePull(forge, repo, found, actor);
  if (await repo.git.isAncestor(pull.head.sha, after)) {
    // its commits came to the base branch some other way: GitHub calls that merged
    await markMerged(forge, repo, found, { commit: after, base: pull.base.sha }, actor);
    return;
  }
  changePull(repo, found, { pull: { mergeable: null } });
}

/** Records a merge and tells of it; `base` is where the base branch stood before. */
export async function markMerged(
  forge: ForgeInside,
  repo: Repo,
  found: Pull,
  merge: { commit: string; base: string },
  actor: Actor,
): Promise<void> {
  const now = forge.instant();
  const login = actor.account?.login ?? null;
  changePull(repo, found, {
    issue: { state: "closed", closed_at: now, closed_by: login, updated_at: now },
    pull: {
      merged: true,
      merged_at: now,
      merged_by: login,
      merge_commit_sha: merge.commit,
      base: { ...found.pull.base, sha: merge.base },
      mergeable: null,
      tested: null,
    },
  });
  await dropTestMerge(repo, found.issue.number);
  await emitPull(forge, repo, found.issue.number, "closed", actor);
}
