import type { Repo } from "#sandbox/forge/contract.ts";
import { diffFiles } from "#sandbox/forge/git/diff.ts";
import { pullCommits, pullRange } from "#sandbox/forge/present/pull.ts";
import { findPull, listPulls, type Pull } from "#sandbox/forge/pulls/pull.ts";
import type { ReviewRecord } from "#sandbox/forge/pulls/review.ts";
import type { ChangedFile, Happening, PullPage, PullRow } from "#web/pages.ts";
import { readChecks, readMerging, readSaidChecks } from "./read-checks.ts";
import { byTime, readComments } from "./read-comments.ts";
import { sayClosed } from "./read-issue.ts";

/** Every pull request, oldest first. */
export function readPullRows(repo: Repo): readonly PullRow[] {
  return listPulls(repo).map(readRow);
}

/** A pull request with everything that happened to it; undefined where the number is none. */
export async function readPull(repo: Repo, number: number): Promise<PullPage | undefined> {
  const found = findPull(repo, number);
  if (found === undefined) return undefined;
  const { issue, pull } = found;
  const commits = await readCommits(repo, found);
  const happenings = [
    ...commits,
    ...readSaidChecks(repo, [...new Set([...commits.map(({ sha }) => sha), pull.head.sha])]),
    ...readComments(repo, number),
    ...readReviews(repo, number),
    ...readEnd(found),
  ];
  return {
    ...readRow(found),
    labels: issue.labels,
    reviewers: pull.reviewers,
    head: pull.head.ref,
    headSha: pull.head.sha,
    base: pull.base.ref,
    body: issue.body ?? "",
    happenings: byTime(happenings),
    checks: readChecks(repo, found),
    merging: readMerging(repo, found),
    files: await readFiles(repo, found),
  };
}

function readRow({ issue, pull }: Pull): PullRow {
  const { number, title, user, created_at } = issue;
  const open = pull.draft ? ("draft" as const) : ("open" as const);
  const state = pull.merged ? ("merged" as const) : issue.state === "open" ? open : ("closed" as const);
  return { number, title, author: user, state, at: created_at };
}

async function readCommits(repo: Repo, found: Pull): Promise<Extract<Happening, { kind: "commit" }>[]> {
  const shas = await pullCommits(repo, found);
  const commits = await Promise.all(shas.map((sha) => repo.git.commit(sha)));
  return commits
    .filter((commit) => commit !== undefined)
    .map(({ sha, committer, author, message }) => ({
      kind: "commit",
      at: new Date(committer.seconds * 1000).toISOString(),
      sha,
      message,
      author: author.name,
    }));
}

function readReviews(repo: Repo, number: number): Happening[] {
  const says = {
    APPROVED: "approved",
    CHANGES_REQUESTED: "changes",
    COMMENTED: "commented",
    DISMISSED: "commented",
  } as const;
  return repo
    .store<ReviewRecord>("reviews")
    .list()
    .flatMap(({ pull, submitted_at, state, user, commit_id, body }) =>
      pull !== number || submitted_at === null || state === "PENDING"
        ? []
        : [{ kind: "review" as const, at: submitted_at, author: user, says: says[state], sha: commit_id, body }],
    );
}

function readEnd({ issue, pull }: Pull): Happening[] {
  if (pull.merged_at !== null)
    return [{ kind: "note", at: pull.merged_at, light: "good", text: `merged by ${pull.merged_by ?? "somebody"}` }];
  if (issue.closed_at === null) return [];
  return [{ kind: "note", at: issue.closed_at, light: "plain", text: `${sayClosed(issue)} without a merge` }];
}

async function readFiles(repo: Repo, found: Pull): Promise<readonly ChangedFile[]> {
  const { from, to } = await pullRange(repo, found);
  const files = await diffFiles(repo.git, from, to);
  return files.map(({ path, previousPath, status, additions, deletions, patch }) => ({
    path,
    before: previousPath,
    status,
    additions,
    deletions,
    patch,
  }));
}
