import { hasRole } from "#sandbox/forge/auth/permit.ts";
import { type Context, githubError, type Need, type Repo } from "#sandbox/forge/contract.ts";
import { hasMerged } from "#sandbox/forge/pulls/pull.ts";
import type { IssueRecord, Level, PullRecord } from "#sandbox/forge/records.ts";

/** A route of /issues: what is a pull request may be reached with either permission. `mustReach` looks closer. */
export const issuesRead: Need = [{ issues: "read" }, { pull_requests: "read" }];
export const issuesWrite: Need = [{ issues: "write" }, { pull_requests: "write" }];

type Asker = Pick<Context<unknown>, "actor" | "repo" | "login">;

/** The issue or pull request of this number. Throws 404. */
export function findIssue(repo: Repo, number: string | number): IssueRecord {
  const found = repo.store<IssueRecord>("issues").find((issue) => issue.number === Number(number));
  if (found === undefined) throw githubError(404, "Not Found");
  return found;
}

/** What a pull request has besides its issue; undefined for a plain issue. */
export function findPull(repo: Repo, issue: IssueRecord): PullRecord | undefined {
  if (!issue.pull) return undefined;
  return repo.store<PullRecord>("pulls").find((pull) => pull.number === issue.number);
}

/** Throws 403 if an app's token has only the permission for the other kind: issues for all, pull_requests for pulls. */
export function mustReach({ actor }: Asker, issue: IssueRecord, level: Level): void {
  if (actor.kind !== "installation" && actor.kind !== "job") return;
  const held = [actor.permissions.issues, ...(issue.pull ? [actor.permissions.pull_requests] : [])];
  const isEnough = held.some((one) => one === "write" || one === "admin" || (level === "read" && one === "read"));
  if (!isEnough) throw githubError(403, "Resource not accessible by integration");
}

/** May this actor set labels and state? People need the triage role, apps have been asked for the permission already. */
export function mayTriage({ actor, repo, login }: Asker): boolean {
  return actor.kind !== "user" || hasRole(repo.roleOf(login), "triage");
}

/** The same for changing what somebody else wrote. */
export function mayModerate({ actor, repo, login }: Asker): boolean {
  return actor.kind !== "user" || hasRole(repo.roleOf(login), "write");
}

/** What GitHub shows beside an author's name. A contributor has had something merged; it says nothing about rights. */
export function authorAssociation(repo: Repo, login: string): "OWNER" | "COLLABORATOR" | "CONTRIBUTOR" | "NONE" {
  if (login.toLowerCase() === repo.record.owner.toLowerCase()) return "OWNER";
  const isNamed = Object.keys(repo.record.collaborators).some((one) => one.toLowerCase() === login.toLowerCase());
  if (isNamed) return "COLLABORATOR";
  return hasMerged(repo, login) ? "CONTRIBUTOR" : "NONE";
}
