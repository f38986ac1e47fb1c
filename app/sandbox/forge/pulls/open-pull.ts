import { type Actor, type FieldError, githubError, type Repo } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import type { IssueRecord, PullRecord } from "#sandbox/forge/records.ts";
import { setHeadRef } from "./close-pull.ts";
import { emitPull } from "./emit-pull.ts";
import { openPulls, type Pull } from "./pull.ts";

export type NewPull = { title: string; body: string | null; head: string; base: string; draft: boolean };

const invalid = (field: string): FieldError => ({ resource: "PullRequest", field, code: "invalid" });
const custom = (message: string): FieldError => ({ resource: "PullRequest", field: "base", code: "custom", message });

/** Opens a pull request between two branches. Throws GitHub's 422s. */
export async function openPull(forge: ForgeInside, repo: Repo, wanted: NewPull, actor: Actor): Promise<Pull> {
  const [owner, ref] = wanted.head.includes(":") ? wanted.head.split(/:(.*)/s, 2) : [repo.record.owner, wanted.head];
  if (owner?.toLowerCase() !== repo.record.owner.toLowerCase() || ref === undefined) {
    throw githubError(422, "Validation Failed", [invalid("head")]);
  }
  const [head, base] = await Promise.all([repo.git.branch(ref), repo.git.branch(wanted.base)]);
  if (head === undefined) throw githubError(422, "Validation Failed", [invalid("head")]);
  if (base === undefined) throw githubError(422, "Validation Failed", [invalid("base")]);
  const same = openPulls(repo).some(({ pull }) => pull.head.ref === ref && pull.base.ref === wanted.base);
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
    head: { repository: repo.id, ref, sha: head },
    base: { ref: wanted.base, sha: base },
    merged: false,
    merged_at: null,
    merged_by: null,
    merge_commit_sha: null,
    mergeable: null,
    tested: null,
    reviewers: [],
  });
  await setHeadRef(repo, number, head);
  return { issue, pull };
}

/** Opens it and tells of it: listeners hear of it once the test merge stands. */
export async function openAndTell(forge: ForgeInside, repo: Repo, wanted: NewPull, actor: Actor): Promise<Pull> {
  return repo.git.exclusively(async () => {
    const found = await openPull(forge, repo, wanted, actor);
    await emitPull(forge, repo, found.issue.number, "opened", actor);
    return found;
  });
}
