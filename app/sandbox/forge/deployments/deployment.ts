import { type Forge, githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import { nodeId, presentAccount } from "#sandbox/forge/present/account.ts";
import { presentApp } from "#sandbox/forge/present/app.ts";

/** Collection "deployments". */
export type DeploymentRecord = {
  id: number;
  sha: string;
  ref: string;
  task: string;
  payload: unknown;
  environment: string;
  description: string | null;
  /** login */
  creator: string;
  /** id of the app it was made through */
  app: number | null;
  transient: boolean;
  production: boolean;
  created_at: string;
  updated_at: string;
};

export type DeploymentState = "error" | "failure" | "inactive" | "in_progress" | "queued" | "pending" | "success";

/** Collection "deployment-statuses": a log, the last one counts. */
export type DeploymentStatusRecord = {
  id: number;
  /** id */
  deployment: number;
  state: DeploymentState;
  description: string;
  environment: string;
  environment_url: string;
  log_url: string;
  /** login */
  creator: string;
  /** id of the app it was made through */
  app: number | null;
  created_at: string;
};

/** Throws 404. */
export function findDeployment(repo: Repo, id: string | undefined): DeploymentRecord {
  const found = repo.store<DeploymentRecord>("deployments").get(Number(id));
  if (found === undefined) throw githubError(404, "Not Found");
  return found;
}

/** Oldest first. */
export function statusesOf(repo: Repo, deployment: number): DeploymentStatusRecord[] {
  return repo
    .store<DeploymentStatusRecord>("deployment-statuses")
    .list()
    .filter((status) => status.deployment === deployment);
}

function presentWriter(forge: Forge, { creator, app }: { creator: string; app: number | null }): JsonObject {
  const found = app === null ? undefined : forge.app(app);
  return {
    creator: presentAccount(forge.urls, forge.account(creator)),
    performed_via_github_app: found === undefined ? null : presentApp(forge, found),
  };
}

/** Schema "deployment", also as `deployment` in webhooks. */
export function presentDeployment(forge: Forge, repo: Repo, deployment: DeploymentRecord): JsonObject {
  const repository_url = `${forge.urls.api}/repos/${repo.fullName}`;
  const url = `${repository_url}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId("DE", deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: deployment.created_at,
    updated_at: deployment.updated_at,
    statuses_url: `${url}/statuses`,
    repository_url,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    ...presentWriter(forge, deployment),
  };
}

/** Schema "deployment-status", also as `deployment_status` in webhooks. */
export function presentDeploymentStatus(forge: Forge, repo: Repo, status: DeploymentStatusRecord): JsonObject {
  const repository_url = `${forge.urls.api}/repos/${repo.fullName}`;
  const deployment_url = `${repository_url}/deployments/${status.deployment}`;
  return {
    url: `${deployment_url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId("DES", status.id),
    state: status.state,
    description: status.description,
    environment: status.environment,
    environment_url: status.environment_url,
    log_url: status.log_url,
    target_url: status.log_url,
    created_at: status.created_at,
    updated_at: status.created_at,
    deployment_url,
    repository_url,
    ...presentWriter(forge, status),
  };
}
