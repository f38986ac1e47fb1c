import { addDeploymentStatus, createDeployment } from "#sandbox/forge/deployments/write-deployment.ts";
import type { DeploymentRecord, DeploymentState } from "#sandbox/forge/deployments/deployment.ts";
import { statusesOf } from "#sandbox/forge/deployments/deployment.ts";
import type { Actor, Forge, Repo } from "#sandbox/forge/contract.ts";
import type { StoredJob, StoredRun } from "./run-store.ts";

/** Keeps the deployment of a job that stands at an environment as the job is. Answers its id; null where there is none. */
export async function tellDeployment(
  forge: Forge,
  repo: Repo,
  run: StoredRun,
  job: StoredJob,
  actor: Actor,
): Promise<number | null> {
  const { environment } = job;
  const state = stateOf(job);
  if (environment?.deployment !== true || state === undefined) return job.deployment;
  const store = repo.store<DeploymentRecord>("deployments");
  const known = store.get(job.deployment ?? 0);
  // A job that never came to its environment deployed nothing.
  if (known === undefined && job.status === "completed") return null;
  const deployment =
    known ??
    (await createDeployment(
      forge,
      repo,
      { ref: run.sha, environment: environment.name, auto_merge: false, required_contexts: [] },
      actor,
    ));
  if (statusesOf(repo, deployment.id).at(-1)?.state === state) return deployment.id;
  const log_url = `${forge.urls.server}/${repo.fullName}/actions/runs/${run.id}/job/${job.id}`;
  const more = environment.url === null ? {} : { environment_url: environment.url };
  addDeploymentStatus(forge, repo, deployment, { state, log_url, ...more }, actor);
  return deployment.id;
}

function stateOf(job: StoredJob): DeploymentState | undefined {
  switch (job.status) {
    case "waiting":
      return "pending";
    case "in_progress":
      return "in_progress";
    case "completed":
      return job.conclusion === "success" ? "success" : job.conclusion === "failure" ? "failure" : "inactive";
    default:
      return undefined;
  }
}
