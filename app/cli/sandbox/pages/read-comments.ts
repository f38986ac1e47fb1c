import type { Repo } from "#sandbox/forge/contract.ts";
import type { CommentRecord } from "#sandbox/forge/issues/comment.ts";
import type { Happening } from "#web/pages.ts";

/** What people and apps wrote on an issue or a pull request. */
export function readComments(repo: Repo, number: number): Happening[] {
  return repo
    .store<CommentRecord>("comments")
    .list()
    .filter((comment) => comment.issue === number)
    .map(({ created_at, user, body }) => ({ kind: "comment", at: created_at, author: user, body }));
}

/** Oldest first; what happened in one second stays in the order given. */
export function byTime(happenings: readonly Happening[]): Happening[] {
  return happenings.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
