import {
  type Actor,
  type Context,
  type Forge,
  githubError,
  type JsonObject,
  type Repo,
} from "#sandbox/forge/contract.ts";
import { emitFilled } from "#sandbox/forge/events/emit-filled.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import type { IssueRecord } from "#sandbox/forge/records.ts";
import { checkComment } from "./check-text.ts";
import { type CommentRecord, findComment, presentComment } from "./comment.ts";
import { findIssue, issuesRead, issuesWrite, mayModerate, mustReach } from "./issue-access.ts";
import { presentIssue } from "./present-issue.ts";

type Written = { body: string };

const ofIssue = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const one = "/repos/{owner}/{repo}/issues/comments/{comment_id}";

/** Comments of issues and pull requests. */
export function commentRoutes(forge: Forge): void {
  forge.route<Written>(`POST ${ofIssue}`, {
    permission: issuesWrite,
    role: "read",
    handler: (ctx) => {
      const issue = findIssue(ctx.repo, ctx.params["issue_number"] ?? "");
      mustReach(ctx, issue, "write");
      checkComment(ctx.body.body);
      const comment = addComment(forge, ctx.repo, issue, ctx.body.body, ctx.actor);
      return { status: 201, body: presentComment(forge, ctx.repo, comment) };
    },
  });
  forge.route(`GET ${ofIssue}`, {
    permission: issuesRead,
    handler: (ctx) => {
      const issue = findIssue(ctx.repo, ctx.params["issue_number"] ?? "");
      mustReach(ctx, issue, "read");
      const found = listComments(ctx, (comment) => comment.issue === issue.number);
      return paginate(ctx, found, (comment) => presentComment(forge, ctx.repo, comment));
    },
  });
  forge.route("GET /repos/{owner}/{repo}/issues/comments", {
    permission: issuesRead,
    handler: (ctx) => {
      const { sort, direction } = ctx.query;
      const by = sort === "updated" ? "updated_at" : "created_at";
      const found = listComments(ctx, () => true);
      // without `sort` GitHub ignores the direction and goes by id
      const sorted =
        sort === undefined ? found : found.toSorted((a, b) => Date.parse(a[by]) - Date.parse(b[by]) || a.id - b.id);
      const isDescending = sort !== undefined && direction !== "asc";
      return paginate(ctx, isDescending ? sorted.toReversed() : sorted, (comment) =>
        presentComment(forge, ctx.repo, comment),
      );
    },
  });
  forge.route(`GET ${one}`, {
    permission: issuesRead,
    handler: (ctx) => {
      const { comment, issue } = findComment(ctx.repo, ctx.params["comment_id"] ?? "");
      mustReach(ctx, issue, "read");
      return { status: 200, body: presentComment(forge, ctx.repo, comment) };
    },
  });
  forge.route<Written>(`PATCH ${one}`, {
    permission: issuesWrite,
    role: "read",
    handler: (ctx) => {
      const { comment, issue } = findComment(ctx.repo, ctx.params["comment_id"] ?? "");
      mustOwn(ctx, comment, issue);
      checkComment(ctx.body.body);
      const changed = ctx.repo
        .store<CommentRecord>("comments")
        .set(comment.id, { body: ctx.body.body, updated_at: ctx.now });
      tell(forge, ctx.repo, issue, changed, "edited", { changes: { body: { from: comment.body } } }, ctx.actor);
      return { status: 200, body: presentComment(forge, ctx.repo, changed) };
    },
  });
  forge.route(`DELETE ${one}`, {
    permission: issuesWrite,
    role: "read",
    handler: (ctx) => {
      const { comment, issue } = findComment(ctx.repo, ctx.params["comment_id"] ?? "");
      mustOwn(ctx, comment, issue);
      const left = ctx.repo.store<IssueRecord>("issues").set(issue.id, { comments: issue.comments - 1 });
      tell(forge, ctx.repo, left, comment, "deleted", {}, ctx.actor);
      ctx.repo.store<CommentRecord>("comments").remove(comment.id);
      return { status: 204 };
    },
  });
}

/** Adds a comment as this actor and tells of it. */
function addComment(forge: Forge, repo: Repo, issue: IssueRecord, body: string, actor: Actor): CommentRecord {
  const now = forge.instant();
  const comment = repo.store<CommentRecord>("comments").add({
    id: forge.nextId(),
    issue: issue.number,
    body,
    user: actor.account?.login ?? "ghost",
    app: "app" in actor ? actor.app.id : null,
    created_at: now,
    updated_at: now,
  });
  const after = repo.store<IssueRecord>("issues").set(issue.id, { comments: issue.comments + 1, updated_at: now });
  tell(forge, repo, after, comment, "created", {}, actor);
  return comment;
}

function listComments({ repo, query }: Context<unknown>, test: (comment: CommentRecord) => boolean): CommentRecord[] {
  const since = query["since"] === undefined ? 0 : Date.parse(query["since"]);
  return repo
    .store<CommentRecord>("comments")
    .list()
    .filter((comment) => test(comment) && Date.parse(comment.updated_at) >= since);
}

/** Throws 403 unless it is one's own, or one may moderate. */
function mustOwn(ctx: Context<unknown>, comment: CommentRecord, issue: IssueRecord): void {
  mustReach(ctx, issue, "write");
  if (comment.user !== ctx.login && !mayModerate(ctx)) throw githubError(403, "Must have admin rights to Repository.");
}

function tell(
  forge: Forge,
  repo: Repo,
  issue: IssueRecord,
  comment: CommentRecord,
  action: "created" | "edited" | "deleted",
  more: JsonObject,
  actor: Actor,
): void {
  const payload = { issue: presentIssue(forge, repo, issue), comment: presentComment(forge, repo, comment), ...more };
  emitFilled(forge, repo, "issue_comment", action, payload, actor);
}
