import { paginate } from "#sandbox/forge/paginate.ts";
import { type Context, type Forge, githubError, type Repo } from "#sandbox/forge/contract.ts";
import { runsOf } from "#sandbox/actions/link/run-store.ts";
import type { WorkflowRecord } from "#sandbox/actions/link/run-store.ts";
import type { Runs } from "#sandbox/actions/link/runs.ts";
import { listRuns } from "./run-routes.ts";
import { presentWorkflow } from "./present-workflow.ts";

type Dispatch = { ref: string; inputs?: Readonly<Record<string, unknown>> | null; return_run_details?: boolean };

/** Workflows of the default branch: listed, dispatched. */
export function addWorkflowRoutes(forge: Forge, runs: Runs): void {
  const read = { permission: { actions: "read" } } as const;
  const base = "/repos/{owner}/{repo}/actions/workflows";
  forge.route(`GET ${base}`, {
    ...read,
    handler: async (ctx) =>
      paginate(ctx, await runs.workflows(ctx.repo), (one) => presentWorkflow(forge, ctx.repo, one), "workflows"),
  });
  forge.route(`GET ${base}/{workflow_id}`, {
    ...read,
    handler: async (ctx) => ({ status: 200, body: presentWorkflow(forge, ctx.repo, await findWorkflow(ctx, runs)) }),
  });
  forge.route(`GET ${base}/{workflow_id}/runs`, {
    ...read,
    async handler(ctx) {
      const workflow = await findWorkflow(ctx, runs);
      return listRuns(
        ctx,
        runsOf(ctx.repo).filter((run) => run.workflowId === workflow.id),
      );
    },
  });
  forge.route<Dispatch>(`POST ${base}/{workflow_id}/dispatches`, {
    permission: { actions: "write" },
    async handler(ctx) {
      const workflow = await findWorkflow(ctx, runs);
      const { ref, inputs, return_run_details } = ctx.body;
      const full = await findRef(ctx.repo, ref);
      if (full === undefined) throw githubError(422, `No ref found for: ${ref}`);
      const dispatched = await runs.dispatch(ctx.repo, workflow, full, inputs ?? {}, ctx.actor);
      if (dispatched.kind === "refused") throw githubError(422, dispatched.message);
      if (return_run_details !== true) return { status: 204 };
      const path = `${ctx.repo.fullName}/actions/runs/${dispatched.run}`;
      return {
        status: 200,
        body: {
          workflow_run_id: dispatched.run,
          run_url: `${forge.urls.api}/repos/${path}`,
          html_url: `${forge.urls.server}/${path}`,
        },
      };
    },
  });
}

/** By id or by file name, as GitHub takes both. Throws 404. */
async function findWorkflow(ctx: Pick<Context<unknown>, "repo" | "params">, runs: Runs): Promise<WorkflowRecord> {
  const wanted = ctx.params["workflow_id"] ?? "";
  const found = (await runs.workflows(ctx.repo)).find(
    (one) => String(one.id) === wanted || one.path === `.github/workflows/${wanted}` || one.path === wanted,
  );
  if (found === undefined) throw githubError(404, "Not Found");
  return found;
}

/** A dispatch runs on a branch or a tag, never on a commit. */
async function findRef(repo: Repo, ref: string): Promise<string | undefined> {
  const candidates = /^refs\/(heads|tags)\//.test(ref) ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
  for (const candidate of candidates) {
    if ((await repo.git.ref(candidate)) !== undefined) return candidate;
  }
  return undefined;
}
