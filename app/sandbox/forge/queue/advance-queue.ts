import type { Actor, Repo } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { announceRefs } from "#sandbox/forge/pulls/announce-push.ts";
import { emitPull } from "#sandbox/forge/pulls/emit-pull.ts";
import { markMerged } from "#sandbox/forge/pulls/follow-push.ts";
import { mergedBranch, type MergeMethod } from "#sandbox/forge/pulls/merge-pull.ts";
import { judgeChecks } from "#sandbox/forge/pulls/missing-checks.ts";
import { findPull, mustFindPull } from "#sandbox/forge/pulls/pull.ts";
import { type QueueParameters, queueOf } from "#sandbox/forge/rules/ruleset.ts";
import { chooseNext } from "./choose-next.ts";
import { buildGroup, destroyGroup } from "./merge-group.ts";
import { queueBot } from "./queue-bot.ts";
import { type DequeueReason, entriesOf, type QueueEntry } from "./queue-entry.ts";

/** Does everything that the queue of a branch has to do now. Call inside `git.exclusively`. */
export async function advanceQueue(forge: ForgeInside, repo: Repo, branch: string): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- each step looks at what the one before has left
  while (await advance(forge, repo, branch));
}

/** Takes an entry out of its queue. Those behind it are built again when the queue is advanced. */
export async function dequeue(
  forge: ForgeInside,
  repo: Repo,
  entry: QueueEntry,
  reason: DequeueReason,
  actor: Actor,
): Promise<void> {
  repo.store<QueueEntry>("merge-queue").remove(entry.id);
  await destroyGroup(forge, repo, entry, reason === "MERGE" ? "merged" : "dequeued");
  await emitPull(forge, repo, entry.pull, "dequeued", actor, { reason });
}

/** One step; answers whether there may be another. */
async function advance(forge: ForgeInside, repo: Repo, branch: string): Promise<boolean> {
  const entries = entriesOf(repo, branch);
  const queue = queueOf(repo, branch);
  const tip = await repo.git.branch(branch);
  if (entries.length === 0) return false;
  for (const entry of entries) {
    const reason = queue === undefined || tip === undefined ? "QUEUE_CLEARED" : whyUnfit(repo, entry);
    if (reason === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop -- the first that is unfit; then all is looked at anew
    await dequeue(forge, repo, entry, reason, queueBot(forge));
    return true;
  }
  if (queue === undefined || tip === undefined) return false;
  if (!(await buildAll(forge, repo, entries.slice(0, queue.max_entries_to_build || undefined), tip, queue)))
    return true;
  const now = forge.now().getTime();
  const states = entriesOf(repo, branch).map((entry) => stateOf(repo, entry, queue, now));
  const waitedMinutes = (now - Date.parse(entries[0]?.at ?? "")) / 60_000;
  const next = chooseNext(states, queue, waitedMinutes);
  if (next.kind === "wait") return false;
  if (next.kind === "merge") await mergeEntries(forge, repo, entriesOf(repo, branch).slice(0, next.count), branch, tip);
  else {
    const entry = entriesOf(repo, branch)[next.index];
    const reason = states[next.index] === "late" ? "CI_TIMEOUT" : "CI_FAILURE";
    if (entry !== undefined) await dequeue(forge, repo, entry, reason, queueBot(forge));
  }
  return true;
}

function whyUnfit(repo: Repo, { pull: number, head }: QueueEntry): DequeueReason | undefined {
  const found = findPull(repo, number);
  if (found === undefined || found.pull.merged) return "ALREADY_MERGED";
  if (found.issue.state !== "open") return "MANUAL";
  return found.pull.draft || found.pull.head.sha !== head ? "UNKNOWN_REMOVAL_REASON" : undefined;
}

/** Gives every entry the group that it needs where it stands; false: one conflicts and was taken out. */
async function buildAll(
  forge: ForgeInside,
  repo: Repo,
  entries: readonly QueueEntry[],
  tip: string,
  { merge_method }: QueueParameters,
): Promise<boolean> {
  const methods: Readonly<Record<typeof merge_method, MergeMethod>> = {
    MERGE: "merge",
    SQUASH: "squash",
    REBASE: "rebase",
  };
  let parent = tip;
  for (const entry of entries) {
    let group = entry.group?.base_sha === parent ? entry.group : undefined;
    // oxlint-disable no-await-in-loop -- each stands on the one ahead of it
    if (group === undefined) {
      await destroyGroup(forge, repo, entry, "invalidated");
      group = await buildGroup(forge, repo, entry, parent, methods[merge_method]);
    }
    if (group === undefined) {
      await dequeue(forge, repo, { ...entry, group: null }, "MERGE_CONFLICT", queueBot(forge));
      return false;
    }
    // oxlint-enable no-await-in-loop
    parent = group.head_sha;
  }
  return true;
}

function stateOf(
  repo: Repo,
  { base, group }: QueueEntry,
  { check_response_timeout_minutes }: QueueParameters,
  now: number,
): "passed" | "pending" | "failed" | "late" {
  if (group === null) return "pending";
  const state = judgeChecks(repo, base, group.head_sha);
  const isLate = now - Date.parse(group.requested_at) >= check_response_timeout_minutes * 60_000;
  return state === "pending" && isLate ? "late" : state;
}

/** Moves the branch to the last of these groups, which holds them all. */
async function mergeEntries(
  forge: ForgeInside,
  repo: Repo,
  entries: readonly QueueEntry[],
  branch: string,
  tip: string,
): Promise<void> {
  const last = entries.at(-1)?.group;
  if (last === null || last === undefined) return;
  const bot = queueBot(forge);
  const change = { name: `refs/heads/${branch}`, before: tip, after: last.head_sha };
  await repo.git.moveRefs([change]);
  const gone = [];
  for (const entry of entries) {
    const { group, pull } = entry;
    if (group === null) continue;
    // oxlint-disable no-await-in-loop -- events come in the order of the queue
    await markMerged(forge, repo, mustFindPull(repo, pull), { commit: group.head_sha, base: group.base_sha }, bot);
    gone.push(...(await mergedBranch(repo, mustFindPull(repo, pull))));
    await dequeue(forge, repo, entry, "MERGE", bot);
    // oxlint-enable no-await-in-loop
  }
  if (gone.length > 0) await repo.git.moveRefs(gone);
  await announceRefs(forge, repo, [change, ...gone], bot);
}
