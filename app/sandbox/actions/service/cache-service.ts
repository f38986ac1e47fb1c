import type { Forge, Repo } from "#sandbox/forge/contract.ts";
import type { BlobStore } from "./blob-store.ts";
import { claimCache, findCache } from "./cache-store.ts";
import type { CacheRecord } from "./cache-store.ts";
import type { JobIdentity } from "./runtime-tokens.ts";
import { textOf, TwirpError } from "./twirp.ts";
import type { TwirpMethod } from "./twirp.ts";

/** GitHub's cache service, version 2, as `@actions/cache` speaks it. */
export function createCacheService(forge: Forge, blobs: BlobStore): Record<string, TwirpMethod> {
  const repoOf = (job: JobIdentity): Repo => {
    const repo = forge.repoById(job.repository);
    if (repo === undefined) throw new TwirpError("not_found", "the repository is gone");
    return repo;
  };
  const scopeOf = (job: JobIdentity): string => job.cacheScopes[0] ?? "";
  return {
    "CacheService/CreateCacheEntry"(request, job) {
      const repo = repoOf(job);
      const claim = { key: textOf(request, "key"), version: textOf(request, "version"), scope: scopeOf(job) };
      const claimed = claimCache(forge, repo, claim);
      if (claimed === undefined)
        throw new TwirpError("already_exists", "cache entry with the same key, version, and scope already exists");
      const signed_upload_url = blobs.uploadUrl(claimed.file, ({ size }) => {
        const store = repo.store<CacheRecord>("caches");
        if (store.get(claimed.id) !== undefined) store.set(claimed.id, { size });
      });
      return { ok: true, signed_upload_url };
    },
    "CacheService/FinalizeCacheEntryUpload"(request, job) {
      const store = repoOf(job).store<CacheRecord>("caches");
      const key = textOf(request, "key");
      const version = textOf(request, "version");
      const found = store
        .list()
        .findLast((one) => one.key === key && one.version === version && one.scope === scopeOf(job) && !one.final);
      if (found === undefined) throw new TwirpError("not_found", `no cache "${key}" is being uploaded`);
      store.set(found.id, { final: true });
      return { ok: true, entry_id: String(found.id) };
    },
    "CacheService/GetCacheEntryDownloadURL"(request, job) {
      const sent = request["restore_keys"];
      const found = findCache(forge, repoOf(job), {
        key: textOf(request, "key"),
        version: textOf(request, "version"),
        restoreKeys: Array.isArray(sent) ? sent.map(String) : [],
        scopes: job.cacheScopes,
      });
      if (found === undefined) return { ok: false, signed_download_url: "", matched_key: "" };
      return {
        ok: true,
        signed_download_url: blobs.downloadUrl(found.file, "cache", "application/octet-stream"),
        matched_key: found.key,
      };
    },
  };
}
