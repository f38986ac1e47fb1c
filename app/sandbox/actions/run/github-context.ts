import type { Platform } from "./platform.ts";
import type { RunRecord } from "./run-record.ts";
import type { RunRequest } from "./run-request.ts";

/** The part of `github` that is the same in all jobs of a run. */
export function githubContext(
  request: RunRequest,
  run: RunRecord,
  workflowName: string,
  platform: Platform,
): Record<string, unknown> {
  const { fullName } = request.repository;
  return {
    actor: request.actor.login,
    actor_id: String(request.actor.id),
    api_url: platform.urls.api,
    base_ref: request.baseRef,
    event: request.event.payload,
    event_name: request.event.name,
    graphql_url: `${platform.urls.api}/graphql`,
    head_ref: request.headRef,
    ref: request.ref,
    ref_name: request.ref.replace(/^refs\/(heads|tags|pull)\//, ""),
    ref_protected: request.refProtected,
    ref_type: request.ref.startsWith("refs/tags/") ? "tag" : "branch",
    repository: fullName,
    repositoryurl: `${platform.urls.server}/${fullName}.git`,
    repository_id: String(request.repository.id),
    repository_owner: fullName.split("/")[0] ?? "",
    repository_owner_id: String(request.repository.ownerId),
    retention_days: "90",
    run_attempt: String(run.attempt),
    run_id: String(run.id),
    run_number: String(run.runNumber),
    secret_source: "Actions",
    server_url: platform.urls.server,
    sha: request.sha,
    triggering_actor: request.triggeringActor.login,
    workflow: workflowName,
    workflow_ref: `${fullName}/${request.workflow}@${request.ref}`,
    workflow_sha: request.source.sha,
  };
}
