import { type Actor, type Forge, GithubError, githubError, type Repo } from "#sandbox/forge/contract.ts";
import { emitFilled } from "#sandbox/forge/events/emit-filled.ts";
import { contextsOfCommit } from "./contexts-of-commit.ts";
import {
  type DeploymentRecord,
  type DeploymentState,
  type DeploymentStatusRecord,
  presentDeployment,
  presentDeploymentStatus,
  statusesOf,
} from "./deployment.ts";
import { ensureEnvironment } from "./environment.ts";

export type WrittenDeployment = {
  ref: string;
  task?: string;
  auto_merge?: boolean;
  required_contexts?: readonly string[];
  payload?: unknown;
  environment?: string;
  description?: string | null;
  transient_environment?: boolean;
  production_environment?: boolean;
};

export type WrittenDeploymentStatus = {
  state: DeploymentState;
  target_url?: string;
  log_url?: string;
  description?: string;
  environment?: string;
  environment_url?: string;
  auto_inactive?: boolean;
};

const maxDescription = 140;

/** Records a deployment. Throws 409 where the contexts that it requires (all, if it does not say) are not green. */
export async function createDeployment(
  forge: Forge,
  repo: Repo,
  written: WrittenDeployment,
  actor: Actor,
): Promise<DeploymentRecord> {
  const { ref, environment = "production" } = written;
  const sha = await repo.git.resolve(ref);
  if (sha === undefined) throw githubError(422, `No ref found for: ${ref}`);
  if (written.auto_merge ?? true) await refuseToMerge(repo, ref, sha);
  demandContexts(repo, ref, sha, written.required_contexts);
  const now = forge.instant();
  ensureEnvironment(forge, repo, environment);
  const deployment = repo.store<DeploymentRecord>("deployments").add({
    id: forge.nextId(),
    sha,
    ref,
    task: written.task ?? "deploy",
    payload: written.payload ?? {},
    environment,
    description: written.description ?? null,
    creator: actor.account?.login ?? "ghost",
    app: "app" in actor ? actor.app.id : null,
    transient: written.transient_environment ?? false,
    production: written.production_environment ?? environment === "production",
    created_at: now,
    updated_at: now,
  });
  const payload = { deployment: presentDeployment(forge, repo, deployment) };
  emitFilled(forge, repo, "deployment", "created", payload, actor);
  return deployment;
}

/** GitHub would merge the default branch into a branch that lacks some of it, and answer 202. */
async function refuseToMerge(repo: Repo, ref: string, sha: string): Promise<void> {
  const [branch, main] = await Promise.all([repo.git.branch(ref), repo.git.branch(repo.record.default_branch)]);
  if (branch === undefined || main === undefined || (await repo.git.isAncestor(main, sha))) return;
  throw githubError(
    501,
    `The sandbox does not merge "${repo.record.default_branch}" into "${ref}" for a deployment: send auto_merge: false`,
  );
}

function demandContexts(repo: Repo, ref: string, sha: string, required: readonly string[] | undefined): void {
  const found = contextsOfCommit(repo, sha);
  const wanted = required ?? found.map(({ context }) => context);
  const contexts = wanted.map(
    (context) => found.find((one) => one.context === context) ?? { context, state: "pending" },
  );
  if (contexts.every(({ state }) => state === "success")) return;
  throw new GithubError(409, `Conflict: Commit status checks failed for ${ref}.`, {
    errors: [{ contexts, resource: "Deployment", field: "required_contexts", code: "invalid" }],
    documentation_url: "https://docs.github.com/rest/deployments/deployments#create-a-deployment",
    status: "409",
  });
}

/** Adds a status; a success makes earlier successes of the same environment inactive, unless told not to. */
export function addDeploymentStatus(
  forge: Forge,
  repo: Repo,
  deployment: DeploymentRecord,
  written: WrittenDeploymentStatus,
  actor: Actor,
): DeploymentStatusRecord {
  const { state, description = "", environment = deployment.environment } = written;
  if (Array.from(description).length > maxDescription) {
    const message = `description is too long (maximum is ${maxDescription} characters)`;
    throw githubError(422, "Validation Failed", [
      { resource: "DeploymentStatus", code: "custom", field: "description", message },
    ]);
  }
  ensureEnvironment(forge, repo, environment);
  const status = repo.store<DeploymentStatusRecord>("deployment-statuses").add({
    id: forge.nextId(),
    deployment: deployment.id,
    state,
    description,
    environment,
    environment_url: written.environment_url ?? "",
    log_url: written.log_url ?? written.target_url ?? "",
    creator: actor.account?.login ?? "ghost",
    app: "app" in actor ? actor.app.id : null,
    created_at: forge.instant(),
  });
  const changed = repo
    .store<DeploymentRecord>("deployments")
    .set(deployment.id, { environment, updated_at: status.created_at });
  const payload = {
    deployment_status: presentDeploymentStatus(forge, repo, status),
    deployment: presentDeployment(forge, repo, changed),
  };
  emitFilled(forge, repo, "deployment_status", "created", payload, actor);
  if (state === "success" && (written.auto_inactive ?? true)) retireOthers(forge, repo, changed, actor);
  return status;
}

function retireOthers(forge: Forge, repo: Repo, current: DeploymentRecord, actor: Actor): void {
  const earlier = repo
    .store<DeploymentRecord>("deployments")
    .list()
    .filter((one) => one.id < current.id && one.environment === current.environment && !one.transient)
    .filter((one) => statusesOf(repo, one.id).at(-1)?.state === "success");
  for (const one of earlier) addDeploymentStatus(forge, repo, one, { state: "inactive" }, actor);
}
