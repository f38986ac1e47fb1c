import type { Actor, JsonObject, Repo } from "#sandbox/forge/contract.ts";
import { emitFilled } from "#sandbox/forge/events/emit-filled.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { emitPull } from "#sandbox/forge/pulls/emit-pull.ts";
import type { IssueRecord } from "#sandbox/forge/records.ts";
import { presentIssue } from "./present-issue.ts";

/** Tells of a change of an issue: by "issues", of a pull request by "pull_request". */
export async function emitIssue(
  forge: ForgeInside,
  repo: Repo,
  issue: IssueRecord,
  action: string,
  more: JsonObject,
  actor: Actor,
): Promise<void> {
  if (issue.pull) await emitPull(forge, repo, issue.number, action, actor, more);
  else emitFilled(forge, repo, "issues", action, { issue: presentIssue(forge, repo, issue), ...more }, actor);
}
