import { type Forge, githubError } from "#sandbox/forge/contract.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import { type EnvironmentRecord, findEnvironment, presentEnvironment } from "./environment.ts";

const all = "/repos/{owner}/{repo}/environments";

/** Environments: read only; they are made by being used. */
export function environmentRoutes(forge: Forge): void {
  forge.route(`GET ${all}`, {
    permission: { actions: "read" },
    handler: (ctx) => {
      const found = ctx.repo.store<EnvironmentRecord>("environments").list();
      return paginate(ctx, found, (one) => presentEnvironment(forge, ctx.repo, one), "environments");
    },
  });
  forge.route(`GET ${all}/{environment_name}`, {
    permission: { actions: "read" },
    handler: (ctx) => {
      const found = findEnvironment(ctx.repo, ctx.params["environment_name"] ?? "");
      if (found === undefined) throw githubError(404, "Not Found");
      return { status: 200, body: presentEnvironment(forge, ctx.repo, found) };
    },
  });
}
