import { type Context, type Forge, githubError } from "#sandbox/forge/contract.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import type { Permissions } from "#sandbox/forge/records.ts";
import {
  type DeploymentRecord,
  type DeploymentStatusRecord,
  findDeployment,
  presentDeployment,
  presentDeploymentStatus,
  statusesOf,
} from "./deployment.ts";
import {
  addDeploymentStatus,
  createDeployment,
  type WrittenDeployment,
  type WrittenDeploymentStatus,
} from "./write-deployment.ts";

const all = "/repos/{owner}/{repo}/deployments";
const one = `${all}/{deployment_id}`;
const reading = { permission: { deployments: "read" } satisfies Permissions };
const writing = { permission: { deployments: "write" } satisfies Permissions };

/** Deployments and their statuses. */
export function deploymentRoutes(forge: Forge): void {
  forge.route<WrittenDeployment>(`POST ${all}`, {
    ...writing,
    handler: async (ctx) => {
      const deployment = await createDeployment(forge, ctx.repo, ctx.body, ctx.actor);
      return { status: 201, body: presentDeployment(forge, ctx.repo, deployment) };
    },
  });
  forge.route(`GET ${all}`, {
    ...reading,
    handler: (ctx) => {
      const found = ctx.repo
        .store<DeploymentRecord>("deployments")
        .list()
        .filter((deployment) => isAskedFor(ctx, deployment));
      return paginate(ctx, found.toReversed(), (deployment) => presentDeployment(forge, ctx.repo, deployment));
    },
  });
  forge.route(`GET ${one}`, {
    ...reading,
    handler: (ctx) => ({
      status: 200,
      body: presentDeployment(forge, ctx.repo, findDeployment(ctx.repo, ctx.params["deployment_id"])),
    }),
  });
  forge.route(`DELETE ${one}`, {
    ...writing,
    handler: (ctx) => {
      const deployment = findDeployment(ctx.repo, ctx.params["deployment_id"]);
      mustBeIdle(ctx, deployment);
      for (const status of statusesOf(ctx.repo, deployment.id))
        ctx.repo.store<DeploymentStatusRecord>("deployment-statuses").remove(status.id);
      ctx.repo.store<DeploymentRecord>("deployments").remove(deployment.id);
      return { status: 204 };
    },
  });
  addStatusRoutes(forge);
}

function addStatusRoutes(forge: Forge): void {
  forge.route<WrittenDeploymentStatus>(`POST ${one}/statuses`, {
    ...writing,
    handler: (ctx) => {
      const deployment = findDeployment(ctx.repo, ctx.params["deployment_id"]);
      const status = addDeploymentStatus(forge, ctx.repo, deployment, ctx.body, ctx.actor);
      return { status: 201, body: presentDeploymentStatus(forge, ctx.repo, status) };
    },
  });
  forge.route(`GET ${one}/statuses`, {
    ...reading,
    handler: (ctx) => {
      const deployment = findDeployment(ctx.repo, ctx.params["deployment_id"]);
      const found = statusesOf(ctx.repo, deployment.id).toReversed();
      return paginate(ctx, found, (status) => presentDeploymentStatus(forge, ctx.repo, status));
    },
  });
  forge.route(`GET ${one}/statuses/{status_id}`, {
    ...reading,
    handler: (ctx) => {
      const deployment = findDeployment(ctx.repo, ctx.params["deployment_id"]);
      const status = statusesOf(ctx.repo, deployment.id).find(({ id }) => id === Number(ctx.params["status_id"]));
      if (status === undefined) throw githubError(404, "Not Found");
      return { status: 200, body: presentDeploymentStatus(forge, ctx.repo, status) };
    },
  });
}

function isAskedFor({ query }: Context<unknown>, deployment: DeploymentRecord): boolean {
  const asked = (["sha", "ref", "task", "environment"] as const).filter(
    (name) => query[name] !== undefined && query[name] !== "none",
  );
  return asked.every((name) => deployment[name] === query[name]);
}

/** Throws 422: GitHub keeps what is live, unless it is all there is. */
function mustBeIdle({ repo }: Context<unknown>, deployment: DeploymentRecord): void {
  const isOnly = !repo
    .store<DeploymentRecord>("deployments")
    .list()
    .some((other) => other.id !== deployment.id && other.environment === deployment.environment);
  const state = statusesOf(repo, deployment.id).at(-1)?.state;
  if (isOnly || state === "inactive") return;
  throw githubError(
    422,
    "We cannot delete an active deployment unless it is the only deployment in a given environment.",
  );
}
