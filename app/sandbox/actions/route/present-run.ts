import { presentPullsOf } from "#sandbox/forge/checks/pulls-of-commit.ts";
import type { Forge, JsonObject, Repo } from "#sandbox/forge/contract.ts";
import type { Signature } from "#sandbox/forge/git/objects.ts";
import { nodeId, presentAccount } from "#sandbox/forge/present/account.ts";
import { presentRepositoryBriefly } from "#sandbox/forge/present/repository.ts";
import type { StoredRun } from "#sandbox/actions/link/run-store.ts";

/** Schema "workflow-run", also as `workflow_run` in webhooks. */
export async function presentRun(forge: Forge, repo: Repo, run: StoredRun): Promise<JsonObject> {
  const url = `${forge.urls.api}/repos/${repo.fullName}/actions/runs/${run.id}`;
  const suite = run.checkSuite ?? 0;
  const headRepository = forge.repoById(run.headRepositoryId) ?? repo;
  const isOwn = headRepository.id === repo.id;
  const pulls = run.event.startsWith("pull_request") && isOwn ? presentPullsOf(forge, repo, run.headSha) : [];
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("WFR", run.id),
    check_suite_id: suite,
    check_suite_node_id: nodeId("CS", suite),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.workflow,
    display_title: run.title,
    run_number: run.runNumber,
    run_attempt: run.attempt,
    referenced_workflows: run.called,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflowId,
    url,
    html_url: `${forge.urls.server}/${repo.fullName}/actions/runs/${run.id}`,
    pull_requests: pulls,
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    actor: presentAccount(forge.urls, forge.account(run.actor)),
    triggering_actor: presentAccount(forge.urls, forge.account(run.triggeringActor)),
    run_started_at: run.startedAt,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${forge.urls.api}/repos/${repo.fullName}/check-suites/${suite}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${forge.urls.api}/repos/${repo.fullName}/actions/workflows/${run.workflowId}`,
    head_commit: await presentHeadCommit(headRepository, run.headSha),
    repository: presentRepositoryBriefly(forge, repo),
    head_repository: presentRepositoryBriefly(forge, headRepository),
  };
}

async function presentHeadCommit(repo: Repo, sha: string): Promise<JsonObject> {
  const commit = await repo.git.commit(sha);
  const person = (signature: Signature | undefined): JsonObject => ({
    name: signature?.name ?? "",
    email: signature?.email ?? "",
  });
  return {
    id: sha,
    tree_id: commit?.tree ?? "",
    message: commit?.message ?? "",
    timestamp: new Date((commit?.committer.seconds ?? 0) * 1000).toISOString(),
    author: person(commit?.author),
    committer: person(commit?.committer),
  };
}
