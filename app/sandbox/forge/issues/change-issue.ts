import type { Actor, JsonObject, Repo } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { closePull, reopenPull } from "#sandbox/forge/pulls/close-pull.ts";
import { mustFindPull } from "#sandbox/forge/pulls/pull.ts";
import type { IssueRecord } from "#sandbox/forge/records.ts";
import { emitIssue } from "./emit-issue.ts";
import { findIssue } from "./issue-access.ts";
import { ensureLabels, presentLabel } from "./label.ts";

export type IssueChange = {
  title?: string;
  body?: string | null;
  state?: "open" | "closed";
  state_reason?: IssueRecord["state_reason"];
  labels?: readonly string[];
  /** logins */
  assignees?: readonly string[];
};

/** Changes an issue or pull request and tells of every change by an event of its own. Answers the new record. */
export async function changeIssue(
  forge: ForgeInside,
  repo: Repo,
  issue: IssueRecord,
  change: IssueChange,
  actor: Actor,
): Promise<IssueRecord> {
  const { title = issue.title, body = issue.body, assignees = issue.assignees } = change;
  const labels = change.labels === undefined ? issue.labels : ensureLabels(forge, repo, change.labels);
  const state = issue.pull ? {} : changeState(forge, issue, change, actor);
  const after = { ...issue, title, body, labels, assignees, ...state };
  if (JSON.stringify(after) !== JSON.stringify(issue)) {
    const changed = repo.store<IssueRecord>("issues").set(issue.id, { ...after, updated_at: forge.instant() });
    await tellChanges(forge, repo, issue, changed, actor);
  }
  if (issue.pull && change.state !== undefined && change.state !== issue.state) {
    const { state: wanted } = change;
    await repo.git.exclusively(() => {
      const found = mustFindPull(repo, issue.number);
      return wanted === "closed" ? closePull(forge, repo, found, actor) : reopenPull(forge, repo, found, actor);
    });
  }
  return findIssue(repo, issue.number);
}

async function tellChanges(
  forge: ForgeInside,
  repo: Repo,
  before: IssueRecord,
  after: IssueRecord,
  actor: Actor,
): Promise<void> {
  const changes = {
    ...(before.title === after.title ? {} : { title: { from: before.title } }),
    ...(before.body === after.body ? {} : { body: { from: before.body ?? "" } }),
  };
  const label = (name: string): JsonObject => ({ label: presentLabel(forge, repo, name) });
  const added = after.labels.filter((name) => !before.labels.includes(name));
  const removed = before.labels.filter((name) => !after.labels.includes(name));
  const events: readonly (readonly [action: string, more: JsonObject])[] = [
    ...(Object.keys(changes).length === 0 ? [] : [["edited", { changes }] as const]),
    ...added.map((name) => ["labeled", label(name)] as const),
    ...removed.map((name) => ["unlabeled", label(name)] as const),
    ...(before.state === after.state ? [] : [[after.state === "closed" ? "closed" : "reopened", {}] as const]),
  ];
  // oxlint-disable-next-line no-await-in-loop -- events come in the order of the changes
  for (const [action, more] of events) await emitIssue(forge, repo, after, action, more, actor);
}

function changeState(forge: ForgeInside, issue: IssueRecord, change: IssueChange, actor: Actor): Partial<IssueRecord> {
  const state = change.state ?? issue.state;
  if (state === "open") {
    return issue.state === "open" ? {} : { state, state_reason: "reopened", closed_at: null, closed_by: null };
  }
  if (issue.state === "closed") return change.state_reason === undefined ? {} : { state_reason: change.state_reason };
  const closing = { closed_at: forge.instant(), closed_by: actor.account?.login ?? null };
  return { state, state_reason: change.state_reason ?? "completed", ...closing };
}
