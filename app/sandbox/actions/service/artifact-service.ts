import type { Forge, Repo } from "#sandbox/forge/contract.ts";
import {
  artifactsOf,
  claimArtifact,
  defaultRetentionMs,
  isExpired,
  fileName,
  removeArtifact,
  zipType,
} from "./artifact-store.ts";
import type { ArtifactRecord } from "./artifact-store.ts";
import type { BlobStore } from "./blob-store.ts";
import type { JobIdentity } from "./runtime-tokens.ts";
import { textOf, TwirpError, wrappedOf } from "./twirp.ts";
import type { TwirpMethod, TwirpRequest } from "./twirp.ts";

/** GitHub's artifact service, version 4, as `@actions/artifact` speaks it. */
export function createArtifactService(forge: Forge, blobs: BlobStore): Record<string, TwirpMethod> {
  const repoOf = (job: JobIdentity): Repo => {
    const repo = forge.repoById(job.repository);
    if (repo === undefined) throw new TwirpError("not_found", "the repository is gone");
    return repo;
  };
  const storeOf = (job: JobIdentity) => repoOf(job).store<ArtifactRecord>("artifacts");
  const ofRun = (job: JobIdentity): ArtifactRecord[] =>
    artifactsOf(repoOf(job)).filter((one) => one.run === job.run && !isExpired(forge, one));
  const find = (request: TwirpRequest, job: JobIdentity): ArtifactRecord => {
    const name = textOf(request, "name");
    const found = ofRun(job).findLast((one) => one.name === name);
    if (found === undefined) throw new TwirpError("not_found", `no artifact "${name}" in this run`);
    return found;
  };
  return {
    "ArtifactService/CreateArtifact"(request, job) {
      const { run, attempt, job: id } = job;
      const name = textOf(request, "name");
      const claimed = claimArtifact(forge, repoOf(job), {
        run,
        attempt,
        job: id,
        name,
        type: wrappedOf(request, "mime_type") ?? zipType,
        retentionMs: retentionOf(request),
      });
      if (claimed === undefined) {
        throw new TwirpError("already_exists", "an artifact with this name already exists on the workflow run");
      }
      const signed_upload_url = blobs.uploadUrl(claimed.key, (blob) => {
        if (storeOf(job).get(claimed.id) !== undefined) storeOf(job).set(claimed.id, blob);
      });
      return { ok: true, signed_upload_url };
    },
    "ArtifactService/FinalizeArtifact"(request, job) {
      const name = textOf(request, "name");
      const claimed = storeOf(job)
        .list()
        .findLast((one) => one.run === job.run && one.attempt === job.attempt && one.name === name && !one.final);
      if (claimed === undefined) throw new TwirpError("not_found", `no artifact "${name}" is being uploaded`);
      const hash = wrappedOf(request, "hash");
      if (hash !== undefined && hash !== `sha256:${claimed.sha256}`) {
        throw new TwirpError("invalid_argument", `the bytes of "${name}" have another digest than "${hash}"`);
      }
      storeOf(job).set(claimed.id, { final: true });
      return { ok: true, artifact_id: String(claimed.id) };
    },
    "ArtifactService/ListArtifacts"(request, job) {
      const name = wrappedOf(request, "name_filter");
      const id = wrappedOf(request, "id_filter");
      const newest = new Map(ofRun(job).map((one) => [one.name, one]));
      return {
        artifacts: [...newest.values()]
          .filter((one) => (name === undefined || one.name === name) && (id === undefined || String(one.id) === id))
          .map((one) => ({
            workflow_run_backend_id: String(one.run),
            workflow_job_run_backend_id: String(one.job),
            database_id: String(one.id),
            name: one.name,
            size: String(one.size),
            created_at: one.created_at,
            digest: `sha256:${one.sha256}`,
          })),
      };
    },
    "ArtifactService/GetSignedArtifactURL"(request, job) {
      const found = find(request, job);
      return { signed_url: blobs.downloadUrl(found.key, fileName(found), found.type) };
    },
    async "ArtifactService/DeleteArtifact"(request, job) {
      const found = find(request, job);
      await removeArtifact(forge, repoOf(job), found);
      return { ok: true, artifact_id: String(found.id) };
    },
  };
}

/** The client sends an instant by its own clock; what it means is a duration, as the sandbox's clock may be moved. */
function retentionOf(request: TwirpRequest): number {
  const sent = request["expires_at"];
  const until = typeof sent === "string" ? Date.parse(sent) : Number.NaN;
  return Number.isNaN(until) ? defaultRetentionMs : until - Date.now();
}
