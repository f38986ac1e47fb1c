import type { Forge, JsonObject, Repo } from "#sandbox/forge/contract.ts";
import { nodeId, presentAccount } from "#sandbox/forge/present/account.ts";
import { presentApp } from "#sandbox/forge/present/app.ts";
import type { IssueRecord } from "#sandbox/forge/records.ts";
import { authorAssociation, findPull } from "./issue-access.ts";
import { presentLabel } from "./label.ts";
import { countReactions } from "./reaction.ts";

/** Schema "issue", also of a pull request, and as `issue` in webhooks. */
export function presentIssue(forge: Forge, repo: Repo, issue: IssueRecord): JsonObject {
  const api = `${forge.urls.api}/repos/${repo.fullName}`;
  const url = `${api}/issues/${issue.number}`;
  const person = (login: string): JsonObject => presentAccount(forge.urls, forge.account(login));
  const app = issue.app === null ? undefined : forge.app(issue.app);
  return {
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: pageOf(forge, repo, issue),
    id: issue.id,
    node_id: nodeId("I", issue.id),
    number: issue.number,
    title: issue.title,
    user: person(issue.user),
    labels: issue.labels.map((name) => presentLabel(forge, repo, name)),
    state: issue.state,
    state_reason: issue.state_reason,
    locked: issue.locked,
    active_lock_reason: null,
    assignee: issue.assignees[0] === undefined ? null : person(issue.assignees[0]),
    assignees: issue.assignees.map(person),
    milestone: null,
    comments: issue.comments,
    created_at: issue.created_at,
    updated_at: issue.updated_at,
    closed_at: issue.closed_at,
    closed_by: issue.closed_by === null ? null : person(issue.closed_by),
    author_association: authorAssociation(repo, issue.user),
    body: issue.body,
    reactions: countReactions(repo, { kind: "issue", id: issue.id }, url),
    performed_via_github_app: app === undefined ? null : presentApp(forge, app),
    ...presentLinkToPull(forge, repo, issue),
  };
}

function pageOf(forge: Forge, repo: Repo, issue: IssueRecord): string {
  return `${forge.urls.server}/${repo.fullName}/${issue.pull ? "pull" : "issues"}/${issue.number}`;
}

/** By these two fields clients tell a pull request from an issue. */
function presentLinkToPull(forge: Forge, repo: Repo, issue: IssueRecord): JsonObject {
  const pull = findPull(repo, issue);
  if (pull === undefined) return {};
  const page = pageOf(forge, repo, issue);
  return {
    draft: pull.draft,
    pull_request: {
      url: `${forge.urls.api}/repos/${repo.fullName}/pulls/${issue.number}`,
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: pull.merged_at,
    },
  };
}
