import { createCheckRun, updateCheckRun } from "#sandbox/forge/checks/write-check-run.ts";
import type { CheckRunRecord } from "#sandbox/forge/checks/check-run.ts";
import type { Actor, Forge, JsonObject, Repo } from "#sandbox/forge/contract.ts";
import { presentJob } from "#sandbox/actions/route/present-job.ts";
import { presentRun } from "#sandbox/actions/route/present-run.ts";
import { presentWorkflow } from "#sandbox/actions/route/present-workflow.ts";
import type { StoredJob, StoredRun, WorkflowRecord } from "./run-store.ts";

const runActions: Readonly<Record<string, string>> = {
  queued: "requested",
  in_progress: "in_progress",
  completed: "completed",
};
const jobActions: Readonly<Record<string, string>> = {
  queued: "queued",
  in_progress: "in_progress",
  completed: "completed",
};

/** Sends the webhook "workflow_run" for the state a run is in; `requested` is not sent for another attempt. */
export async function tellRun(forge: Forge, repo: Repo, run: StoredRun, actor: Actor): Promise<void> {
  const action = runActions[run.status];
  if (action === undefined || (action === "requested" && run.attempt > 1)) return;
  const workflow = repo.store<WorkflowRecord>("workflows").get(run.workflowId);
  const payload: JsonObject = {
    workflow_run: await presentRun(forge, repo, run),
    workflow: workflow === undefined ? null : presentWorkflow(forge, repo, workflow),
  };
  forge.emit(repo, "workflow_run", action, payload, actor);
}

/** Sends the webhook "workflow_job" for the state a job is in. */
export function tellJob(forge: Forge, repo: Repo, run: StoredRun, job: StoredJob, actor: Actor): void {
  const action = jobActions[job.status];
  if (action === undefined) return;
  forge.emit(repo, "workflow_job", action, { workflow_job: presentJob(forge, repo, run, job) }, actor);
}

/** Keeps the check run of a job as the job is. Answers its id. */
export async function tellCheck(
  forge: Forge,
  repo: Repo,
  app: number,
  run: StoredRun,
  job: StoredJob,
  actor: Actor,
): Promise<number> {
  const details_url = `${forge.urls.server}/${repo.fullName}/actions/runs/${run.id}/job/${job.id}`;
  const state =
    job.status === "completed"
      ? { conclusion: job.conclusion ?? ("failure" as const) }
      : { status: job.status === "in_progress" ? ("in_progress" as const) : ("queued" as const) };
  const written = {
    ...state,
    ...(job.startedAt === null ? {} : { started_at: job.startedAt }),
    ...(job.completedAt === null ? {} : { completed_at: job.completedAt }),
  };
  const known = repo.store<CheckRunRecord>("check-runs").get(job.checkRun ?? 0);
  if (known === undefined) {
    const fresh = { name: job.name, head_sha: run.headSha, run: run.id, details_url, external_id: String(job.id) };
    return (await createCheckRun(forge, repo, app, { ...fresh, ...written }, actor)).id;
  }
  await updateCheckRun(forge, repo, known, written, actor);
  return known.id;
}
