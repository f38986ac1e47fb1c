import { matchesTrigger } from "#sandbox/actions/trigger/match-trigger.ts";
import { readWorkflow } from "#sandbox/actions/workflow/read-workflow.ts";
import type { Forge, ForgeEvent, Repo } from "#sandbox/forge/contract.ts";
import { readSettings } from "./actions-settings.ts";
import { sourceAt } from "./forge-platform.ts";
import { workflowPaths } from "./runs.ts";
import type { Runs } from "./runs.ts";
import type { StoredRun } from "./run-store.ts";
import { findSubject, objectOf, textOf } from "./subject.ts";
import type { Subject } from "./subject.ts";

/** A workflow_run may start a workflow, whose workflow_run may …: three levels, then no more. */
const maxDepth = 3;
/** Events by which nothing is started: GitHub sends them as webhooks, or the runner makes them itself. */
const deaf = new Set(["installation", "installation_repositories", "ping", "workflow_dispatch", "workflow_job"]);

const heldActions: ReadonlySet<string> = new Set(["opened", "synchronize", "reopened"]);

/** Starts what an event starts. What a job's token did starts nothing; the end of a run may. */
export async function answerEvent(forge: Forge, runs: Runs, event: ForgeEvent, folder: string): Promise<void> {
  const { name, action, repo, payload } = event;
  if (deaf.has(name) || !readSettings(repo).enabled) return;
  const aboutRun = name === "workflow_run";
  const byBot = event.actorKind === "job" || event.actor.account?.login === "github-actions[bot]";
  // since June 2026 a pull request of a job's token gets runs, which wait for somebody who may write
  const held = byBot && name === "pull_request" && heldActions.has(action ?? "");
  if (byBot && !aboutRun && !held && name !== "repository_dispatch") return;
  const subject = await findSubject(forge, event);
  if (subject === undefined || (subject.skippable && (await asksToSkip(repo, subject)))) return;
  const source = sourceAt(repo, subject.ref, subject.workflowSha, folder);
  const depth = aboutRun ? depthOf(repo, Number(objectOf(payload, "workflow_run")["id"])) + 1 : 0;
  if (depth > maxDepth) return;
  const occasion = {
    event: name,
    action,
    branch: aboutRun ? textOf(objectOf(payload, "workflow_run"), "head_branch") : subject.branch,
    tag: subject.tag,
    workflowName: aboutRun ? textOf(objectOf(payload, "workflow_run"), "name") : undefined,
    changedPaths: () => changedPaths(repo, subject),
  };
  for (const path of await workflowPaths(source)) {
    const reading = await readWorkflow(path, (await source.read(path)) ?? "");
    if (reading.kind === "workflow") {
      if (!(await matchesTrigger(reading.workflow.triggers, occasion))) continue;
    } else if (reading.triggers === undefined ? name !== "push" : !(await matchesTrigger(reading.triggers, occasion))) {
      continue;
    }
    const title = reading.kind === "workflow" ? reading.workflow.name : reading.name;
    await runs.start(repo, path, title, { name, payload }, subject, event.actor, { depth, held });
  }
}

function depthOf(repo: Repo, run: number): number {
  return repo.store<StoredRun>("workflow-runs").get(run)?.depth ?? 0;
}

async function asksToSkip(repo: Repo, subject: Subject): Promise<boolean> {
  const message = (await repo.git.commit(subject.headSha))?.message ?? "";
  return /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/.test(message);
}

async function changedPaths(repo: Repo, { changed }: Subject): Promise<readonly string[] | undefined> {
  if (changed === undefined) return undefined;
  const { from, to } = changed;
  const paths = await repo.git.remember(`changed ${from} ${to}`, async () => {
    try {
      const text = await repo.git.text(["diff", "--no-renames", "--name-only", "-z", from, to]);
      return text.split("\0").filter(Boolean);
    } catch {
      // A commit that is no more: GitHub runs the workflow when it cannot tell.
      return undefined;
    }
  });
  return paths;
}
