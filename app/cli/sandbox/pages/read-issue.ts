import type { Repo } from "#sandbox/forge/contract.ts";
import type { IssueRecord } from "#sandbox/forge/records.ts";
import type { Happening, IssuePage, IssueRow } from "#web/pages.ts";
import { byTime, readComments } from "./read-comments.ts";

/** Every issue that is no pull request, oldest first. */
export function readIssueRows(repo: Repo): readonly IssueRow[] {
  return repo
    .store<IssueRecord>("issues")
    .list()
    .filter((issue) => !issue.pull)
    .map(readRow);
}

/** An issue with everything that happened to it; undefined where the number is none, or a pull request's. */
export function readIssue(repo: Repo, number: number): IssuePage | undefined {
  const issue = repo.store<IssueRecord>("issues").find((one) => one.number === number);
  if (issue === undefined || issue.pull) return undefined;
  const happenings: Happening[] = readComments(repo, number);
  if (issue.closed_at !== null)
    happenings.push({ kind: "note", at: issue.closed_at, light: "good", text: sayClosed(issue) });
  return { ...readRow(issue), body: issue.body ?? "", happenings: byTime(happenings) };
}

function readRow(issue: IssueRecord): IssueRow {
  const { number, title, user, state, labels, created_at } = issue;
  return { number, title, author: user, state, labels, at: created_at };
}

/** "closed by ada". */
export function sayClosed({ closed_by }: IssueRecord): string {
  return closed_by === null ? "closed" : `closed by ${closed_by}`;
}
