import type { Readable } from "node:stream";
import type { Forge, Repo } from "#sandbox/forge/contract.ts";

/** Collection "artifacts". Names come from jobs: untrusted. */
export type ArtifactRecord = {
  id: number;
  run: number;
  attempt: number;
  job: number;
  name: string;
  /** key of its bytes */
  key: string;
  /** application/zip, unless it was uploaded unzipped */
  type: string;
  size: number;
  sha256: string;
  /** the client has said that it is complete */
  final: boolean;
  created_at: string;
  expires_at: string;
};

export type ArtifactClaim = Pick<ArtifactRecord, "run" | "attempt" | "job" | "name" | "type"> & {
  retentionMs: number;
};

export const zipType = "application/zip";

const dayMs = 86_400_000;
export const defaultRetentionMs = 90 * dayMs;

export function artifactsOf(repo: Repo): ArtifactRecord[] {
  return repo
    .store<ArtifactRecord>("artifacts")
    .list()
    .filter((artifact) => artifact.final);
}

export function isExpired(forge: Forge, artifact: ArtifactRecord): boolean {
  return Date.parse(artifact.expires_at) <= forge.now().getTime();
}

/** Lets artifacts of a run expire now, all or those of one name; answers how many. */
export function expireArtifacts(forge: Forge, repo: Repo, wanted: { run?: number; name?: string }): number {
  const { run, name } = wanted;
  const found = artifactsOf(repo).filter(
    (one) =>
      (run === undefined || one.run === run) && (name === undefined || one.name === name) && !isExpired(forge, one),
  );
  for (const { id } of found) repo.store<ArtifactRecord>("artifacts").set(id, { expires_at: forge.instant() });
  return found.length;
}

/** Takes a name of a run; undefined: it is taken. What the same name holds half uploaded is given up. */
export function claimArtifact(forge: Forge, repo: Repo, claim: ArtifactClaim): ArtifactRecord | undefined {
  const store = repo.store<ArtifactRecord>("artifacts");
  const { retentionMs, ...rest } = claim;
  for (const other of store.list()) {
    if (other.run !== claim.run || other.attempt !== claim.attempt || other.name !== claim.name) continue;
    if (other.final) return undefined;
    store.remove(other.id);
  }
  const id = forge.nextId();
  return store.add({
    id,
    ...rest,
    key: `artifacts/${id}`,
    size: 0,
    sha256: "",
    final: false,
    created_at: forge.instant(),
    expires_at: new Date(forge.now().getTime() + Math.min(Math.max(retentionMs, dayMs), 400 * dayMs))
      .toISOString()
      .replace(/\.\d+Z$/, "Z"),
  });
}

/** Stores an artifact in one go; throws a sentence where the name is taken. */
export async function saveArtifact(
  forge: Forge,
  repo: Repo,
  claim: ArtifactClaim,
  bytes: Readable | Uint8Array,
): Promise<ArtifactRecord> {
  const claimed = claimArtifact(forge, repo, claim);
  if (claimed === undefined) throw new Error(`An artifact with the name "${claim.name}" already exists on this run`);
  const stored = await forge.files.put(claimed.key, bytes);
  return repo.store<ArtifactRecord>("artifacts").set(claimed.id, { ...stored, final: true });
}

/** What the downloaded file is called. */
export function fileName(artifact: ArtifactRecord): string {
  return artifact.type === zipType ? `${artifact.name}.zip` : artifact.name;
}

export async function removeArtifact(forge: Forge, repo: Repo, artifact: ArtifactRecord): Promise<void> {
  repo.store<ArtifactRecord>("artifacts").remove(artifact.id);
  await forge.files.remove(artifact.key);
}
