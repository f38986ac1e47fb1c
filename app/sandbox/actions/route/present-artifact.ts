import type { Forge, JsonObject, Repo } from "#sandbox/forge/contract.ts";
import { nodeId } from "#sandbox/forge/present/account.ts";
import type { StoredRun } from "#sandbox/actions/link/run-store.ts";
import { isExpired } from "#sandbox/actions/service/artifact-store.ts";
import type { ArtifactRecord } from "#sandbox/actions/service/artifact-store.ts";

/** Schema "artifact". */
export function presentArtifact(forge: Forge, repo: Repo, artifact: ArtifactRecord): JsonObject {
  const url = `${forge.urls.api}/repos/${repo.fullName}/actions/artifacts/${artifact.id}`;
  const run = repo.store<StoredRun>("workflow-runs").get(artifact.run);
  return {
    id: artifact.id,
    node_id: nodeId("A", artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.size,
    url,
    archive_download_url: `${url}/zip`,
    expired: isExpired(forge, artifact),
    created_at: artifact.created_at,
    updated_at: artifact.created_at,
    expires_at: artifact.expires_at,
    digest: `sha256:${artifact.sha256}`,
    workflow_run: {
      id: artifact.run,
      repository_id: repo.id,
      head_repository_id: run?.headRepositoryId ?? repo.id,
      head_branch: run?.headBranch ?? "",
      head_sha: run?.headSha ?? "",
    },
  };
}
