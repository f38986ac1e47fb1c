import { type Context, type Forge, githubError, type JsonObject } from "#sandbox/forge/contract.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import { nodeId, presentAccount } from "#sandbox/forge/present/account.ts";
import type { IssueRecord } from "#sandbox/forge/records.ts";
import { findComment } from "./comment.ts";
import { findIssue, issuesRead, issuesWrite, mayModerate, mustReach } from "./issue-access.ts";
import { type ReactionRecord, reactionsOn } from "./reaction.ts";

type Written = { content: string };
type Subject = { on: ReactionRecord["on"]; issue: IssueRecord };

/** Reactions on issues, pull requests and their comments. */
export function reactionRoutes(forge: Forge): void {
  addReactions(forge, "/repos/{owner}/{repo}/issues/{issue_number}/reactions", ({ repo, params }) => {
    const issue = findIssue(repo, params["issue_number"] ?? "");
    return { on: { kind: "issue", id: issue.id }, issue };
  });
  addReactions(forge, "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", ({ repo, params }) => {
    const { comment, issue } = findComment(repo, params["comment_id"] ?? "");
    return { on: { kind: "comment", id: comment.id }, issue };
  });
}

function addReactions(forge: Forge, path: string, find: (ctx: Context<unknown>) => Subject): void {
  const present = (reaction: ReactionRecord): JsonObject => ({
    id: reaction.id,
    node_id: nodeId("REA", reaction.id),
    user: presentAccount(forge.urls, forge.account(reaction.user)),
    content: reaction.content,
    created_at: reaction.created_at,
  });
  forge.route(`GET ${path}`, {
    permission: issuesRead,
    handler: (ctx) => {
      const { on, issue } = find(ctx);
      mustReach(ctx, issue, "read");
      const { content } = ctx.query;
      const found = reactionsOn(ctx.repo, on).filter((one) => content === undefined || one.content === content);
      return paginate(ctx, found, present);
    },
  });
  forge.route<Written>(`POST ${path}`, {
    permission: issuesWrite,
    role: "read",
    handler: (ctx) => {
      const { on, issue } = find(ctx);
      mustReach(ctx, issue, "write");
      const { content } = ctx.body;
      const before = reactionsOn(ctx.repo, on).find((one) => one.user === ctx.login && one.content === content);
      if (before !== undefined) return { status: 200, body: present(before) };
      const reaction = { id: forge.nextId(), on, user: ctx.login, content, created_at: ctx.now };
      return { status: 201, body: present(ctx.repo.store<ReactionRecord>("reactions").add(reaction)) };
    },
  });
  forge.route(`DELETE ${path}/{reaction_id}`, {
    permission: issuesWrite,
    role: "read",
    handler: (ctx) => {
      const { on, issue } = find(ctx);
      mustReach(ctx, issue, "write");
      const found = reactionsOn(ctx.repo, on).find((one) => one.id === Number(ctx.params["reaction_id"]));
      if (found === undefined) throw githubError(404, "Not Found");
      if (found.user !== ctx.login && !mayModerate(ctx))
        throw githubError(403, "Must have admin rights to Repository.");
      ctx.repo.store<ReactionRecord>("reactions").remove(found.id);
      return { status: 204 };
    },
  });
}
