import { hasRole } from "#sandbox/forge/auth/permit.ts";
import { type Actor, type FieldError, githubError, type Repo } from "#sandbox/forge/contract.ts";
import { findHead } from "#sandbox/forge/forks/network.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import type { IssueRecord, PullRecord } from "#sandbox/forge/records.ts";
import { setHeadRef } from "./close-pull.ts";
import { emitPull } from "./emit-pull.ts";
import { openPulls, type Pull } from "./pull.ts";

export type NewPull = {
  title: string;
  body: string | null;
  /** "branch", or "owner:branch" for a fork */
  head: string;
  /** name of the repository of the head, where the owner has several of the kind */
  headRepository?: string;
  base: string;
  draft: boolean;
  maintainerCanModify?: boolean;
};

const invalid = (field: string): FieldError => ({ resource: "PullRequest", field, code: "invalid" });
const custom = (message: string): FieldError => ({ resource: "PullRequest", field: "base", code: "custom", message });

/** Opens a pull request between two branches, the head's perhaps in a fork. Throws GitHub's 422s. */
export async function openPull(forge: ForgeInside, repo: Repo, wanted: NewPull, actor: Actor): Promise<Pull> {
  const found = findHead(forge, repo, wanted.head, wanted.headRepository);
  if (found === undefined) throw githubError(422, "Validation Failed", [invalid("head")]);
  const { source, ref } = found;
  const isFork = source.id !== repo.id;
  const { owner } = source.record;
  const [head, base] = await Promise.all([source.git.branch(ref), repo.git.branch(wanted.base)]);
  if (head === undefined) throw githubError(422, "Validation Failed", [invalid("head")]);
  if (base === undefined) throw githubError(422, "Validation Failed", [invalid("base")]);
  if (!mayPropose(actor, repo, source)) {
    throw githubError(422, "Validation Failed", [
      { resource: "PullRequest", field: "head", code: "custom", message: "must be a collaborator" },
    ]);
  }
  const same = openPulls(repo).some(
    ({ pull }) => pull.head.repository === source.id && pull.head.ref === ref && pull.base.ref === wanted.base,
  );
  if (same) throw githubError(422, "Validation Failed", [custom(`A pull request already exists for ${owner}:${ref}.`)]);
  if ((await repo.git.mergeBase(base, head)) === undefined) {
    throw githubError(422, "Validation Failed", [
      custom(`The ${ref} branch has no history in common with ${wanted.base}`),
    ]);
  }
  if (await repo.git.isAncestor(head, base)) {
    throw githubError(422, "Validation Failed", [custom(`No commits between ${wanted.base} and ${ref}`)]);
  }
  const number = repo.nextNumber();
  const now = forge.instant();
  const issue = repo.store<IssueRecord>("issues").add({
    id: forge.nextId(),
    number,
    title: wanted.title,
    body: wanted.body,
    user: actor.account?.login ?? "",
    app: actor.kind === "installation" || actor.kind === "job" ? actor.app.id : null,
    labels: [],
    assignees: [],
    state: "open",
    state_reason: null,
    locked: false,
    comments: 0,
    pull: true,
    created_at: now,
    updated_at: now,
    closed_at: null,
    closed_by: null,
  });
  const pull = repo.store<PullRecord>("pulls").add({
    id: forge.nextId(),
    number,
    draft: wanted.draft,
    head: { repository: source.id, ref, sha: head },
    base: { ref: wanted.base, sha: base },
    merged: false,
    merged_at: null,
    merged_by: null,
    merge_commit_sha: null,
    maintainer_can_modify: isFork && (wanted.maintainerCanModify ?? true),
    mergeable: null,
    tested: null,
    reviewers: [],
  });
  await setHeadRef(repo, number, head);
  return { issue, pull };
}

/** A person needs to be able to write where the changes come from, or where they shall go. */
function mayPropose(actor: Actor, repo: Repo, source: Repo): boolean {
  if (actor.kind !== "user") return true;
  const { login } = actor.account;
  return hasRole(source.roleOf(login), "write") || hasRole(repo.roleOf(login), "write");
}

/** Opens it and tells of it: listeners hear of it once the test merge stands. */
export async function openAndTell(forge: ForgeInside, repo: Repo, wanted: NewPull, actor: Actor): Promise<Pull> {
  return repo.git.exclusively(async () => {
    const found = await openPull(forge, repo, wanted, actor);
    await emitPull(forge, repo, found.issue.number, "opened", actor);
    return found;
  });
}
