import type { Forge, JsonObject, Repo } from "#sandbox/forge/contract.ts";
import { nodeId } from "#sandbox/forge/present/account.ts";
import type { StoredJob, StoredRun } from "#sandbox/actions/link/run-store.ts";

/** Schema "job", also as `workflow_job` in webhooks. */
export function presentJob(forge: Forge, repo: Repo, run: StoredRun, job: StoredJob): JsonObject {
  const api = `${forge.urls.api}/repos/${repo.fullName}`;
  return {
    id: job.id,
    run_id: job.run,
    workflow_name: run.name,
    head_branch: run.headBranch,
    run_url: `${api}/actions/runs/${job.run}`,
    run_attempt: job.attempt,
    node_id: nodeId("CR", job.id),
    head_sha: run.headSha,
    url: `${api}/actions/jobs/${job.id}`,
    html_url: `${forge.urls.server}/${repo.fullName}/actions/runs/${job.run}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: job.createdAt,
    started_at: job.startedAt ?? job.createdAt,
    completed_at: job.completedAt,
    name: job.name,
    steps: job.steps.map((step) => ({
      name: step.name,
      status: step.status,
      conclusion: step.conclusion,
      number: step.number,
      started_at: step.startedAt,
      completed_at: step.completedAt,
    })),
    check_run_url: `${api}/check-runs/${job.checkRun ?? job.id}`,
    labels: job.labels,
    runner_id: job.runner,
    runner_name: job.runner === null ? null : `sandbox-${job.runner}`,
    runner_group_id: job.runner === null ? null : 1,
    runner_group_name: job.runner === null ? null : "Default",
  };
}
