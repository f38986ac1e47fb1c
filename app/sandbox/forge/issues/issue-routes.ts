import { type Context, githubError } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import type { IssueRecord } from "#sandbox/forge/records.ts";
import { changeIssue, type IssueChange } from "./change-issue.ts";
import { checkBody, checkTitle } from "./check-text.ts";
import { emitIssue } from "./emit-issue.ts";
import { findIssue, issuesRead, issuesWrite, mayModerate, mayTriage, mustReach } from "./issue-access.ts";
import { ensureLabels, presentLabel } from "./label.ts";
import { listIssues } from "./list-issues.ts";
import { presentIssue } from "./present-issue.ts";

type Named = string | { name?: string; login?: string };
type Written = {
  title?: string | number | null;
  body?: string | null;
  state?: "open" | "closed";
  state_reason?: IssueChange["state_reason"] | "duplicate";
  labels?: readonly Named[];
  assignee?: string | null;
  assignees?: readonly Named[];
};

const maxAssignees = 10;
const unknownToUs = ["milestone", "type", "issue_field_values", "duplicate_issue_id"];

/** /issues: create, list, read, change. Pull requests are issues here, as they are on GitHub. */
export function issueRoutes(forge: ForgeInside): void {
  forge.route<Written>("POST /repos/{owner}/{repo}/issues", {
    permission: { issues: "write" },
    role: "read",
    handler: async (ctx) => ({ status: 201, body: presentIssue(forge, ctx.repo, await createIssue(forge, ctx)) }),
  });
  forge.route("GET /repos/{owner}/{repo}/issues", {
    permission: issuesRead,
    handler: (ctx) => paginate(ctx, listIssues(ctx.repo, ctx.query), (issue) => presentIssue(forge, ctx.repo, issue)),
  });
  forge.route("GET /repos/{owner}/{repo}/issues/{issue_number}", {
    permission: issuesRead,
    handler: (ctx) => {
      const issue = findIssue(ctx.repo, ctx.params["issue_number"] ?? "");
      mustReach(ctx, issue, "read");
      return { status: 200, body: presentIssue(forge, ctx.repo, issue) };
    },
  });
  forge.route<Written>("PATCH /repos/{owner}/{repo}/issues/{issue_number}", {
    permission: issuesWrite,
    role: "read",
    handler: async (ctx) => ({ status: 200, body: presentIssue(forge, ctx.repo, await updateIssue(forge, ctx)) }),
  });
  for (const [method, add] of [
    ["POST", true],
    ["DELETE", false],
  ] as const) {
    forge.route<Written>(`${method} /repos/{owner}/{repo}/issues/{issue_number}/assignees`, {
      permission: issuesWrite,
      role: "triage",
      handler: async (ctx) => {
        const issue = findIssue(ctx.repo, ctx.params["issue_number"] ?? "");
        mustReach(ctx, issue, "write");
        const named = readAssignees(ctx, false);
        const others = issue.assignees.filter((login) => !named.includes(login));
        const assignees = add ? [...others, ...named].slice(0, maxAssignees) : others;
        const changed = await changeIssue(forge, ctx.repo, issue, { assignees }, ctx.actor);
        return { status: add ? 201 : 200, body: presentIssue(forge, ctx.repo, changed) };
      },
    });
  }
}

async function createIssue(forge: ForgeInside, ctx: Context<Written>): Promise<IssueRecord> {
  const { repo, actor, body } = ctx;
  refuseUnknown(body);
  const title = String(body.title);
  checkTitle("Issue", title);
  checkBody("Issue", body.body);
  // who may not triage is not refused: GitHub drops what only a triager sets
  const labels = mayTriage(ctx) ? ensureLabels(forge, repo, namesOf(body.labels)) : [];
  const issue = repo.store<IssueRecord>("issues").add({
    id: forge.nextId(),
    number: repo.nextNumber(),
    title,
    body: body.body ?? null,
    user: ctx.login,
    app: "app" in actor ? actor.app.id : null,
    labels,
    assignees: mayTriage(ctx) ? readAssignees(ctx, true) : [],
    state: "open",
    state_reason: null,
    locked: false,
    comments: 0,
    pull: false,
    created_at: ctx.now,
    updated_at: ctx.now,
    closed_at: null,
    closed_by: null,
  });
  await emitIssue(forge, repo, issue, "opened", {}, actor);
  for (const name of labels) {
    // oxlint-disable-next-line no-await-in-loop -- events come in the order of the labels
    await emitIssue(forge, repo, issue, "labeled", { label: presentLabel(forge, repo, name) }, actor);
  }
  return issue;
}

async function updateIssue(forge: ForgeInside, ctx: Context<Written>): Promise<IssueRecord> {
  const { repo, actor, body } = ctx;
  refuseUnknown(body);
  const issue = findIssue(repo, ctx.params["issue_number"] ?? "");
  mustReach(ctx, issue, "write");
  const isAuthor = issue.user === ctx.login;
  const touchesTriage = body.labels !== undefined || body.assignees !== undefined || body.assignee !== undefined;
  const isAllowed = mayModerate(ctx) || (mayTriage(ctx) && body.title === undefined && body.body === undefined);
  if (!isAllowed && !(isAuthor && !touchesTriage)) throw githubError(403, "Must have admin rights to Repository.");
  const resource = issue.pull ? "PullRequest" : "Issue";
  const change: IssueChange = {};
  if (body.title !== undefined && body.title !== null) {
    change.title = String(body.title);
    checkTitle(resource, change.title);
  }
  if (body.body !== undefined) change.body = body.body;
  checkBody(resource, body.body);
  if (body.state !== undefined) change.state = body.state;
  if (body.state_reason !== undefined) {
    if (body.state_reason === "duplicate") throw githubError(501, "The sandbox does not know duplicates of issues");
    change.state_reason = body.state_reason;
  }
  if (body.labels !== undefined) change.labels = namesOf(body.labels);
  if (body.assignees !== undefined || body.assignee !== undefined) change.assignees = readAssignees(ctx, true);
  return changeIssue(forge, repo, issue, change, actor);
}

function refuseUnknown(body: Written): void {
  const asked = unknownToUs.find((name) => Object.hasOwn(body, name));
  if (asked !== undefined) throw githubError(501, `The sandbox does not know the field "${asked}" of an issue`);
}

function namesOf(named: readonly Named[] | undefined): readonly string[] {
  return (named ?? []).map((one) => (typeof one === "string" ? one : (one.name ?? one.login ?? "")));
}

/** Logins as accounts spell them. Whoever cannot be assigned is refused (`strict`), or left out. */
function readAssignees({ forge, repo, body }: Context<Written>, strict: boolean): readonly string[] {
  const single = body.assignee === undefined || body.assignee === null ? [] : [body.assignee];
  const logins = [...namesOf(body.assignees), ...single].flatMap((login) => {
    const account = forge.account(login);
    const role = account === undefined ? null : repo.roleOf(account.login);
    if (account !== undefined && role !== null) return [account.login];
    if (!strict) return [];
    throw githubError(422, "Validation Failed", [
      { resource: "Issue", code: "invalid", field: "assignees", value: login },
    ]);
  });
  return [...new Set(logins)].slice(0, maxAssignees);
}
