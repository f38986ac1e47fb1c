import { type Forge, githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import { nodeId, presentAccount } from "#sandbox/forge/present/account.ts";
import { presentApp } from "#sandbox/forge/present/app.ts";
import type { IssueRecord } from "#sandbox/forge/records.ts";
import { authorAssociation, findIssue } from "./issue-access.ts";
import { countReactions } from "./reaction.ts";

/** Collection "comments": of issues and pull requests. */
export type CommentRecord = {
  id: number;
  /** number of the issue */
  issue: number;
  body: string;
  /** login */
  user: string;
  /** id of the app it was written through */
  app: number | null;
  created_at: string;
  updated_at: string;
};

/** A comment and what it is on. Throws 404. */
export function findComment(repo: Repo, id: string): { comment: CommentRecord; issue: IssueRecord } {
  const comment = repo.store<CommentRecord>("comments").get(Number(id));
  if (comment === undefined) throw githubError(404, "Not Found");
  return { comment, issue: findIssue(repo, comment.issue) };
}

/** Schema "issue-comment", also as `comment` in webhooks. */
export function presentComment(forge: Forge, repo: Repo, comment: CommentRecord): JsonObject {
  const api = `${forge.urls.api}/repos/${repo.fullName}`;
  const url = `${api}/issues/comments/${comment.id}`;
  const issue = findIssue(repo, comment.issue);
  const page = `${forge.urls.server}/${repo.fullName}/${issue.pull ? "pull" : "issues"}/${issue.number}`;
  const app = comment.app === null ? undefined : forge.app(comment.app);
  return {
    url,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${api}/issues/${comment.issue}`,
    id: comment.id,
    node_id: nodeId("IC", comment.id),
    user: presentAccount(forge.urls, forge.account(comment.user)),
    created_at: comment.created_at,
    updated_at: comment.updated_at,
    author_association: authorAssociation(repo, comment.user),
    body: comment.body,
    reactions: countReactions(repo, { kind: "comment", id: comment.id }, url),
    performed_via_github_app: app === undefined ? null : presentApp(forge, app),
  };
}
