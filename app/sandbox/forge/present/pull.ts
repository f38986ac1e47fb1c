import type { JsonObject, Repo } from "#sandbox/forge/contract.ts";
import { diffFiles } from "#sandbox/forge/git/diff.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { contextsOfCommit } from "#sandbox/forge/deployments/contexts-of-commit.ts";
import { anonymous } from "#sandbox/forge/auth/authenticate.ts";
import { authorAssociation } from "#sandbox/forge/issues/issue-access.ts";
import { missingChecks } from "#sandbox/forge/pulls/missing-checks.ts";
import type { Pull } from "#sandbox/forge/pulls/pull.ts";
import { mergeViolations } from "#sandbox/forge/rules/judge-merge.ts";
import type { LabelRecord } from "#sandbox/forge/records.ts";
import { nodeId, presentAccount } from "./account.ts";
import { presentRepository } from "./repository.ts";

function presentEnd(forge: ForgeInside, repo: Repo, ref: string, sha: string): JsonObject {
  const { owner } = repo.record;
  const user = presentAccount(forge.urls, forge.account(owner));
  return { label: `${owner}:${ref}`, ref, sha, user, repo: presentRepository(forge, repo) };
}

export function presentLabels(forge: ForgeInside, repo: Repo, names: readonly string[]): JsonObject[] {
  const labels = repo.store<LabelRecord>("labels").list();
  return names.map((name) => {
    const { id, color, description } = labels.find((one) => one.name === name) ?? {
      id: 0,
      color: "ededed",
      description: null,
    };
    const url = `${forge.urls.api}/repos/${repo.fullName}/labels/${encodeURIComponent(name)}`;
    return { id, node_id: nodeId("LA", id), url, name, color, default: false, description };
  });
}

/** Schema "pull-request-simple": what lists show. */
export function presentPullBriefly(forge: ForgeInside, repo: Repo, { issue, pull }: Pull): JsonObject {
  const { urls } = forge;
  const { number } = issue;
  const url = `${urls.api}/repos/${repo.fullName}/pulls/${number}`;
  const issueUrl = `${urls.api}/repos/${repo.fullName}/issues/${number}`;
  const page = `${urls.server}/${repo.fullName}/pull/${number}`;
  const person = (login: string): JsonObject => presentAccount(urls, forge.account(login));
  const headRepo = forge.repoById(pull.head.repository) ?? repo;
  const statuses = `${urls.api}/repos/${repo.fullName}/statuses/${pull.head.sha}`;
  return {
    id: pull.id,
    node_id: nodeId("PR", pull.id),
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl,
    number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: person(issue.user),
    body: issue.body,
    created_at: issue.created_at,
    updated_at: issue.updated_at,
    closed_at: issue.closed_at,
    merged_at: pull.merged_at,
    merge_commit_sha: pull.merge_commit_sha,
    assignee: issue.assignees[0] === undefined ? null : person(issue.assignees[0]),
    assignees: issue.assignees.map(person),
    requested_reviewers: pull.reviewers.map(person),
    requested_teams: [],
    labels: presentLabels(forge, repo, issue.labels),
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${urls.api}/repos/${repo.fullName}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statuses,
    head: presentEnd(forge, headRepo, pull.head.ref, pull.head.sha),
    base: presentEnd(forge, repo, pull.base.ref, pull.base.sha),
    _links: {
      self: { href: url },
      html: { href: page },
      issue: { href: issueUrl },
      comments: { href: `${issueUrl}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${urls.api}/repos/${repo.fullName}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: authorAssociation(repo, issue.user),
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** Schema "pull-request": also what webhooks carry. */
export async function presentPull(forge: ForgeInside, repo: Repo, found: Pull): Promise<JsonObject> {
  const { issue, pull } = found;
  const counts = await countPull(repo, found);
  const open = issue.state === "open";
  const { mergeable } = pull;
  return {
    ...presentPullBriefly(forge, repo, found),
    merged: pull.merged,
    mergeable: open ? mergeable : null,
    rebaseable: open ? mergeable : null,
    mergeable_state: await mergeableState(repo, found),
    merged_by: pull.merged_by === null ? null : presentAccount(forge.urls, forge.account(pull.merged_by)),
    comments: issue.comments,
    review_comments: 0,
    maintainer_can_modify: pull.maintainer_can_modify ?? false,
    ...counts,
  };
}

async function mergeableState(repo: Repo, found: Pull): Promise<string> {
  const { issue, pull } = found;
  if (issue.state !== "open" || pull.mergeable === null) return "unknown";
  if (!pull.mergeable) return "dirty";
  if (pull.draft) return "draft";
  if (missingChecks(repo, pull.base.ref, pull.head.sha).length > 0) return "blocked";
  if ((await mergeViolations(repo, found, pull.base.sha, anonymous)).length > 0) return "blocked";
  return contextsOfCommit(repo, pull.head.sha).some(({ state }) => state !== "success") ? "unstable" : "clean";
}

/** Commits and files of a pull request: from the merge base to its head. */
export async function pullRange(repo: Repo, { pull }: Pull): Promise<{ from: string; to: string }> {
  const from = await repo.git.mergeBase(pull.base.sha, pull.head.sha);
  return { from: from ?? pull.base.sha, to: pull.head.sha };
}

/** Ids of its commits, oldest first. */
export function pullCommits(repo: Repo, { pull }: Pull): Promise<readonly string[]> {
  return repo.git.range(pull.base.sha, pull.head.sha);
}

async function countPull(repo: Repo, found: Pull): Promise<JsonObject> {
  const { from, to } = await pullRange(repo, found);
  const [files, commits] = await Promise.all([diffFiles(repo.git, from, to), pullCommits(repo, found)]);
  const sum = (of: "additions" | "deletions"): number => files.reduce((total, file) => total + file[of], 0);
  return {
    commits: commits.length,
    additions: sum("additions"),
    deletions: sum("deletions"),
    changed_files: files.length,
  };
}
