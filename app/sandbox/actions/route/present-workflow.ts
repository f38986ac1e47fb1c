import type { Forge, JsonObject, Repo } from "#sandbox/forge/contract.ts";
import { nodeId } from "#sandbox/forge/present/account.ts";
import type { WorkflowRecord } from "#sandbox/actions/link/run-store.ts";

/** Schema "workflow". */
export function presentWorkflow(forge: Forge, repo: Repo, workflow: WorkflowRecord): JsonObject {
  const page = `${forge.urls.server}/${repo.fullName}`;
  return {
    id: workflow.id,
    node_id: nodeId("W", workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: "active",
    created_at: workflow.created_at,
    updated_at: workflow.updated_at,
    url: `${forge.urls.api}/repos/${repo.fullName}/actions/workflows/${workflow.id}`,
    html_url: `${page}/blob/${repo.record.default_branch}/${workflow.path}`,
    badge_url: `${page}/actions/${workflow.path.replace(".github/", "")}/badge.svg`,
  };
}
