import type { Actor, Repo } from "#sandbox/forge/contract.ts";
import type { Ref, RefChange } from "#sandbox/forge/git/git-store.ts";
import { pushPayload } from "#sandbox/forge/present/push.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { followPush } from "./follow-push.ts";

/** GitHub tells nobody of tags when more than this many come in one push */
const mostTags = 3;

/** What a push by git changed: events, and pull requests that follow. */
export async function announcePush(
  forge: ForgeInside,
  repo: Repo,
  before: readonly Ref[],
  after: readonly Ref[],
  actor: Actor,
): Promise<void> {
  const old = new Map(before.map((ref) => [ref.name, ref.sha]));
  const fresh = new Map(after.map((ref) => [ref.name, ref.sha]));
  const names = [...new Set([...old.keys(), ...fresh.keys()])].toSorted();
  const changes = names
    .map((name) => ({ name, before: old.get(name) ?? null, after: fresh.get(name) ?? null }))
    .filter((change) => change.before !== change.after);
  const tags = changes.filter(({ name }) => name.startsWith("refs/tags/"));
  const told = tags.length > mostTags ? changes.filter((change) => !tags.includes(change)) : changes;
  await announceRefs(forge, repo, told, actor);
}

/** Tells hooks and listeners of refs that have moved, and lets pull requests follow. */
export async function announceRefs(
  forge: ForgeInside,
  repo: Repo,
  changes: readonly RefChange[],
  actor: Actor,
): Promise<void> {
  for (const change of changes) {
    const kind = /^refs\/(heads|tags)\//.exec(change.name)?.[1];
    if (kind === undefined || change.before === change.after) continue;
    repo.change({ pushed_at: forge.instant(), updated_at: forge.instant() });
    // oxlint-disable-next-line no-await-in-loop -- events come in the order of the changes
    const payload = await pushPayload(forge, repo, change, actor);
    forge.emit(repo, "push", null, payload, actor);
    const name = change.name.replace(/^refs\/(?:heads|tags)\//, "");
    const about = { ref: name, ref_type: kind === "heads" ? "branch" : "tag", pusher_type: "user" };
    if (change.before === null) {
      const { default_branch: master_branch, description } = repo.record;
      forge.emit(repo, "create", null, { ...about, master_branch, description }, actor);
    }
    if (change.after === null) forge.emit(repo, "delete", null, about, actor);
    // oxlint-disable-next-line no-await-in-loop -- the same
    if (kind === "heads") await followPush(forge, repo, name, change, actor);
  }
}
