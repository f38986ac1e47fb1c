import { paginate } from "#sandbox/forge/paginate.ts";
import { type Forge, githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import type { CacheRecord } from "#sandbox/actions/service/cache-store.ts";

/** Caches: listed, deleted by id or key, their size. */
export function addCacheRoutes(forge: Forge): void {
  const base = "/repos/{owner}/{repo}/actions";
  const cachesOf = (repo: Repo): CacheRecord[] =>
    repo
      .store<CacheRecord>("caches")
      .list()
      .filter((cache) => cache.final);
  const remove = async (repo: Repo, cache: CacheRecord): Promise<void> => {
    repo.store<CacheRecord>("caches").remove(cache.id);
    await forge.files.remove(cache.file);
  };
  forge.route(`GET ${base}/caches`, {
    permission: { actions: "read" },
    handler(ctx) {
      const { key, ref } = ctx.query;
      const wanted = cachesOf(ctx.repo).filter(
        (cache) => (key === undefined || cache.key.startsWith(key)) && (ref === undefined || cache.scope === ref),
      );
      return paginate(ctx, wanted.toReversed(), present, "actions_caches");
    },
  });
  forge.route(`DELETE ${base}/caches`, {
    permission: { actions: "write" },
    async handler(ctx) {
      const { key, ref } = ctx.query;
      const wanted = cachesOf(ctx.repo).filter(
        (cache) => cache.key === key && (ref === undefined || cache.scope === ref),
      );
      if (wanted.length === 0) throw githubError(404, "Not Found");
      for (const cache of wanted) await remove(ctx.repo, cache);
      return { status: 200, body: { total_count: wanted.length, actions_caches: wanted.map(present) } };
    },
  });
  forge.route(`DELETE ${base}/caches/{cache_id}`, {
    permission: { actions: "write" },
    async handler(ctx) {
      const found = cachesOf(ctx.repo).find((cache) => String(cache.id) === ctx.params["cache_id"]);
      if (found === undefined) throw githubError(404, "Not Found");
      await remove(ctx.repo, found);
      return { status: 204 };
    },
  });
  forge.route(`GET ${base}/cache/usage`, {
    permission: { actions: "read" },
    handler(ctx) {
      const all = cachesOf(ctx.repo);
      return {
        status: 200,
        body: {
          full_name: ctx.repo.fullName,
          active_caches_size_in_bytes: all.reduce((total, cache) => total + cache.size, 0),
          active_caches_count: all.length,
        },
      };
    },
  });
}

function present(cache: CacheRecord): JsonObject {
  return {
    id: cache.id,
    ref: cache.scope,
    key: cache.key,
    version: cache.version,
    created_at: cache.created_at,
    last_accessed_at: cache.last_accessed_at,
    size_in_bytes: cache.size,
  };
}
