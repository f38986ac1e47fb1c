import { type Context, type Forge, githubError, type JsonObject } from "#sandbox/forge/contract.ts";
import { presentDeployment } from "#sandbox/forge/deployments/deployment.ts";
import type { DeploymentRecord } from "#sandbox/forge/deployments/deployment.ts";
import { presentEnvironment } from "#sandbox/forge/deployments/environment.ts";
import { presentAccount } from "#sandbox/forge/present/account.ts";
import type { Approvals, Decision } from "#sandbox/actions/link/approvals.ts";
import type { StoredJob } from "#sandbox/actions/link/run-store.ts";
import { findRun } from "./find-run.ts";

type Review = { environment_ids: readonly number[]; state: Decision; comment: string };

/** Jobs that wait for a reviewer: listed, approved, rejected. */
export function addApprovalRoutes(forge: Forge, approvals: Approvals, settled: () => Promise<void>): void {
  const path = "/repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments";
  const mayApprove = (login: string, reviewers: readonly string[]): boolean =>
    reviewers.some((one) => one.toLowerCase() === login.toLowerCase());
  forge.route(`GET ${path}`, {
    permission: { actions: "read" },
    handler: (ctx) => ({
      status: 200,
      body: approvals.of(findRun(ctx).id).map(({ environment }): JsonObject => {
        const { id, node_id, name, url, html_url } = presentEnvironment(forge, ctx.repo, environment);
        return {
          environment: { id, node_id, name, url, html_url },
          wait_timer: 0,
          wait_timer_started_at: null,
          current_user_can_approve: mayApprove(ctx.login, environment.reviewers),
          reviewers: environment.reviewers.map((login) => ({
            type: "User",
            reviewer: presentAccount(forge.urls, forge.account(login)),
          })),
        };
      }),
    }),
  });
  forge.route<Review>(`POST ${path}`, {
    permission: { deployments: "write" },
    role: "read",
    async handler(ctx: Context<Review>) {
      const { environment_ids, state } = ctx.body;
      const wanted = approvals
        .of(findRun(ctx).id)
        .filter(({ environment }) => environment_ids.includes(environment.id));
      if (wanted.length === 0) {
        throw githubError(422, "Environment IDs must match environments that wait for approval");
      }
      if (!wanted.every(({ environment }) => mayApprove(ctx.login, environment.reviewers))) {
        throw githubError(403, "You are not a required reviewer of this environment");
      }
      await settled();
      const deployments = wanted.flatMap(({ job }) => {
        const id = ctx.repo.store<StoredJob>("workflow-jobs").get(job.id)?.deployment;
        const found = ctx.repo.store<DeploymentRecord>("deployments").get(id ?? 0);
        return found === undefined ? [] : [presentDeployment(forge, ctx.repo, found)];
      });
      for (const one of wanted) one.decide(state);
      return { status: 200, body: deployments };
    },
  });
}
