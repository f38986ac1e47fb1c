import { type Context, type Forge, githubError } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import type { IssueRecord, LabelRecord } from "#sandbox/forge/records.ts";
import { changeIssue } from "./change-issue.ts";
import { findIssue, issuesRead, issuesWrite, mustReach } from "./issue-access.ts";
import { checkLabelName, findLabel, presentLabel } from "./label.ts";

type WrittenLabel = { name?: string; new_name?: string; color?: string; description?: string | null };
type Labels = { labels?: readonly (string | { name: string })[] };

const ofIssue = "/repos/{owner}/{repo}/issues/{issue_number}/labels";

/** Labels of the repository, and labels on an issue or pull request. */
export function labelRoutes(forge: ForgeInside): void {
  addRepositoryLabels(forge);
  forge.route(`GET ${ofIssue}`, {
    permission: issuesRead,
    handler: (ctx) => {
      const issue = findIssue(ctx.repo, ctx.params["issue_number"] ?? "");
      mustReach(ctx, issue, "read");
      return paginate(ctx, issue.labels, (name) => presentLabel(forge, ctx.repo, name));
    },
  });
  const changing = (
    method: string,
    path: string,
    next: (ctx: Context<Labels>, issue: IssueRecord) => readonly string[],
  ): void =>
    forge.route<Labels>(`${method} ${path}`, {
      permission: issuesWrite,
      role: "triage",
      handler: async (ctx) => {
        const issue = findIssue(ctx.repo, ctx.params["issue_number"] ?? "");
        mustReach(ctx, issue, "write");
        const { labels } = await changeIssue(forge, ctx.repo, issue, { labels: next(ctx, issue) }, ctx.actor);
        const isClear = method === "DELETE" && path === ofIssue;
        if (isClear) return { status: 204 };
        return { status: 200, body: labels.map((name) => presentLabel(forge, ctx.repo, name)) };
      },
    });
  changing("POST", ofIssue, (ctx, issue) => [...issue.labels, ...namesOf(ctx.body)]);
  changing("PUT", ofIssue, (ctx) => namesOf(ctx.body));
  changing("DELETE", ofIssue, () => []);
  changing("DELETE", `${ofIssue}/{name}`, (ctx, issue) => {
    const wanted = (ctx.params["name"] ?? "").toLowerCase();
    if (!issue.labels.some((name) => name.toLowerCase() === wanted)) throw githubError(404, "Label does not exist");
    return issue.labels.filter((name) => name.toLowerCase() !== wanted);
  });
}

function namesOf({ labels }: Labels): readonly string[] {
  return (labels ?? []).map((label) => (typeof label === "string" ? label : label.name));
}

function addRepositoryLabels(forge: Forge): void {
  const all = "/repos/{owner}/{repo}/labels";
  const find = (ctx: Context<unknown>): LabelRecord => {
    const label = findLabel(ctx.repo, ctx.params["name"] ?? "");
    if (label === undefined) throw githubError(404, "Not Found");
    return label;
  };
  forge.route(`GET ${all}`, {
    permission: issuesRead,
    handler: (ctx) => {
      const names = ctx.repo
        .store<LabelRecord>("labels")
        .list()
        .map((label) => label.name);
      return paginate(ctx, names.toSorted(), (name) => presentLabel(forge, ctx.repo, name));
    },
  });
  forge.route(`GET ${all}/{name}`, {
    permission: issuesRead,
    handler: (ctx) => ({ status: 200, body: presentLabel(forge, ctx.repo, find(ctx).name) }),
  });
  forge.route<WrittenLabel>(`POST ${all}`, {
    permission: issuesWrite,
    handler: (ctx) => {
      const { name = "", color = "ededed", description = null } = ctx.body;
      checkNew(ctx, name, color);
      ctx.repo.store<LabelRecord>("labels").add({ id: forge.nextId(), name, color, description });
      return { status: 201, body: presentLabel(forge, ctx.repo, name) };
    },
  });
  forge.route<WrittenLabel>(`PATCH ${all}/{name}`, {
    permission: issuesWrite,
    handler: (ctx) => {
      const label = find(ctx);
      const { new_name: name = label.name, color = label.color, description = label.description } = ctx.body;
      checkNew(ctx, name, color, label);
      ctx.repo.store<LabelRecord>("labels").set(label.id, { name, color, description });
      renameOnIssues(ctx, label.name, name);
      return { status: 200, body: presentLabel(forge, ctx.repo, name) };
    },
  });
  forge.route(`DELETE ${all}/{name}`, {
    permission: issuesWrite,
    handler: (ctx) => {
      const label = find(ctx);
      ctx.repo.store<LabelRecord>("labels").remove(label.id);
      renameOnIssues(ctx, label.name, undefined);
      return { status: 204 };
    },
  });
}

function checkNew(ctx: Context<WrittenLabel>, name: string, color: string, self?: LabelRecord): void {
  checkLabelName(name);
  const found = findLabel(ctx.repo, name);
  if (found !== undefined && found.id !== self?.id)
    throw githubError(422, "Validation Failed", [{ resource: "Label", code: "already_exists", field: "name" }]);
  if (!/^[0-9a-f]{6}$/i.test(color))
    throw githubError(422, "Validation Failed", [{ resource: "Label", code: "invalid", field: "color" }]);
}

function renameOnIssues({ repo }: Context<unknown>, from: string, to: string | undefined): void {
  if (from === to) return;
  const issues = repo.store<IssueRecord>("issues");
  for (const issue of issues.list().filter(({ labels }) => labels.includes(from)))
    issues.set(issue.id, {
      labels: issue.labels.flatMap((name) => (name !== from ? [name] : to === undefined ? [] : [to])),
    });
}
