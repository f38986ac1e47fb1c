import type { Repo } from "#sandbox/forge/contract.ts";

/** What is tested for an entry: a branch that holds the base, everything ahead in the queue, and the entry's own merge. */
export type MergeGroup = { ref: string; base_sha: string; head_sha: string; requested_at: string };

/** Collection "merge-queue": pull requests that wait to be merged, in order of `id`. */
export type QueueEntry = {
  id: number;
  /** number */
  pull: number;
  /** branch */
  base: string;
  /** head of the pull request when it was enqueued: a push takes it out */
  head: string;
  /** login */
  by: string;
  at: string;
  group: MergeGroup | null;
};

export function entriesOf(repo: Repo, branch?: string): readonly QueueEntry[] {
  return repo
    .store<QueueEntry>("merge-queue")
    .list()
    .filter(({ base }) => branch === undefined || base === branch);
}

/** Why GitHub takes a pull request out of its queue, as `pull_request.dequeued` says it. */
export type DequeueReason =
  | "UNKNOWN_REMOVAL_REASON"
  | "MANUAL"
  | "MERGE"
  | "MERGE_CONFLICT"
  | "CI_FAILURE"
  | "CI_TIMEOUT"
  | "ALREADY_MERGED"
  | "QUEUE_CLEARED";
