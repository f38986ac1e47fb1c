import { githubError, type Repo } from "#sandbox/forge/contract.ts";
import type { IssueRecord } from "#sandbox/forge/records.ts";

type Query = Readonly<Record<string, string>>;

/** The issues and pull requests that a list asks for, in its order. The validator has checked the query's words. */
export function listIssues(repo: Repo, query: Query): IssueRecord[] {
  if (query["type"] !== undefined || query["issue_field_values"] !== undefined)
    throw githubError(501, "The sandbox knows no types and no fields of issues");
  const { state = "open", sort = "created", direction = "desc" } = query;
  const since = query["since"] === undefined ? 0 : Date.parse(query["since"]);
  const found = repo
    .store<IssueRecord>("issues")
    .list()
    .filter(
      (issue) =>
        (state === "all" || issue.state === state) &&
        Date.parse(issue.updated_at) >= since &&
        hasLabels(issue, query["labels"]) &&
        isBy(issue.user, query["creator"]) &&
        isAssigned(issue, query["assignee"]) &&
        isMentioned(issue, query["mentioned"]) &&
        hasMilestone(query["milestone"]),
    );
  const ascending = found.toSorted((a, b) => rank(a, sort) - rank(b, sort) || a.number - b.number);
  return direction === "asc" ? ascending : ascending.toReversed();
}

function rank(issue: IssueRecord, sort: string): number {
  if (sort === "comments") return issue.comments;
  return Date.parse(sort === "updated" ? issue.updated_at : issue.created_at);
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function hasLabels(issue: IssueRecord, wanted: string | undefined): boolean {
  const names = (wanted ?? "").split(",").filter((name) => name.trim() !== "");
  return names.every((name) => issue.labels.some((label) => same(label, name.trim())));
}

function isBy(user: string, creator: string | undefined): boolean {
  // GitHub takes an app by its slug, with or without [bot], as "app/slug"
  return creator === undefined || same(user, creator) || same(user, `${creator.replace(/^app\//, "")}[bot]`);
}

function isAssigned(issue: IssueRecord, assignee: string | undefined): boolean {
  if (assignee === undefined) return true;
  if (assignee === "none") return issue.assignees.length === 0;
  if (assignee === "*") return issue.assignees.length > 0;
  return issue.assignees.some((login) => same(login, assignee));
}

function isMentioned(issue: IssueRecord, login: string | undefined): boolean {
  return login === undefined || (issue.body ?? "").toLowerCase().includes(`@${login.toLowerCase()}`);
}

/** The sandbox has no milestones. */
function hasMilestone(milestone: string | undefined): boolean {
  if (milestone === undefined || milestone === "none") return true;
  if (milestone === "*") return false;
  throw githubError(422, "Validation Failed", [
    { resource: "Issue", code: "invalid", field: "milestone", value: milestone },
  ]);
}
