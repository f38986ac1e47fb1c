import { GithubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import type { Signature } from "#sandbox/forge/git/objects.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { announceRefs } from "#sandbox/forge/pulls/announce-push.ts";
import { type MergeMethod, writeMerge } from "#sandbox/forge/pulls/merge-pull.ts";
import { mustFindPull } from "#sandbox/forge/pulls/pull.ts";
import { queueBot } from "./queue-bot.ts";
import type { MergeGroup, QueueEntry } from "./queue-entry.ts";

/**
 * Merges an entry onto what stands ahead of it, on a branch of its own, and asks for checks. Answers undefined where they
 * conflict. Call inside `git.exclusively`.
 */
export async function buildGroup(
  forge: ForgeInside,
  repo: Repo,
  entry: QueueEntry,
  parent: string,
  method: MergeMethod,
): Promise<MergeGroup | undefined> {
  const account = forge.account(entry.by);
  const actor = account === undefined ? queueBot(forge) : ({ kind: "user", account } as const);
  const asked = { method, sha: undefined, title: undefined, message: undefined };
  let head: string;
  try {
    head = await writeMerge(forge, repo, mustFindPull(repo, entry.pull), parent, asked, actor);
  } catch (cause) {
    if (cause instanceof GithubError) return undefined;
    throw cause;
  }
  const ref = `refs/heads/gh-readonly-queue/${entry.base}/pr-${entry.pull}-${parent}`;
  const group = { ref, base_sha: parent, head_sha: head, requested_at: forge.instant() };
  repo.store<QueueEntry>("merge-queue").set(entry.id, { group });
  const change = { name: ref, before: (await repo.git.ref(ref))?.sha ?? null, after: head };
  await repo.git.moveRefs([change]);
  await announceRefs(forge, repo, [change], queueBot(forge));
  await tell(forge, repo, entry, group, "checks_requested");
  return group;
}

/** Deletes the branch of a group and says why. Call inside `git.exclusively`. */
export async function destroyGroup(
  forge: ForgeInside,
  repo: Repo,
  entry: QueueEntry,
  reason: "merged" | "invalidated" | "dequeued",
): Promise<void> {
  const { group } = entry;
  if (group === null) return;
  const found = await repo.git.ref(group.ref);
  if (found !== undefined) {
    const change = { name: group.ref, before: found.sha, after: null };
    await repo.git.moveRefs([change]);
    await announceRefs(forge, repo, [change], queueBot(forge));
  }
  await tell(forge, repo, entry, group, "destroyed", { reason });
}

async function tell(
  forge: ForgeInside,
  repo: Repo,
  { base }: QueueEntry,
  { ref, base_sha, head_sha }: MergeGroup,
  action: "checks_requested" | "destroyed",
  more: JsonObject = {},
): Promise<void> {
  const commit = await repo.git.commit(head_sha);
  const person = (signature: Signature | undefined): JsonObject => ({
    name: signature?.name ?? "",
    email: signature?.email ?? "",
  });
  const head_commit = {
    id: head_sha,
    tree_id: commit?.tree ?? "",
    message: commit?.message ?? "",
    timestamp: new Date((commit?.committer.seconds ?? 0) * 1000).toISOString(),
    author: person(commit?.author),
    committer: person(commit?.committer),
  };
  const merge_group = { head_sha, head_ref: ref, base_sha, base_ref: `refs/heads/${base}`, head_commit };
  forge.emit(repo, "merge_group", action, { ...more, merge_group }, queueBot(forge));
}
