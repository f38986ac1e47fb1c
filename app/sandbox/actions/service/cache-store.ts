import type { Forge, Repo } from "#sandbox/forge/contract.ts";

/** Collection "caches". Keys come from jobs: untrusted. */
export type CacheRecord = {
  id: number;
  key: string;
  /** of its paths and compression */
  version: string;
  /** the ref that wrote it */
  scope: string;
  file: string;
  size: number;
  final: boolean;
  created_at: string;
  last_accessed_at: string;
};

export type CacheQuery = { key: string; restoreKeys: readonly string[]; version: string; scopes: readonly string[] };

/** Reserves a key of a scope; undefined: it is there already, and what is there never changes. */
export function claimCache(
  forge: Forge,
  repo: Repo,
  claim: Pick<CacheRecord, "key" | "version" | "scope">,
): CacheRecord | undefined {
  const store = repo.store<CacheRecord>("caches");
  for (const other of store.list()) {
    if (other.key !== claim.key || other.version !== claim.version || other.scope !== claim.scope) continue;
    if (other.final) return undefined;
    store.remove(other.id);
  }
  const id = forge.nextId();
  const now = forge.instant();
  return store.add({
    id,
    ...claim,
    file: `caches/${id}`,
    size: 0,
    final: false,
    created_at: now,
    last_accessed_at: now,
  });
}

/** GitHub's search: scope by scope, the key itself, then as a prefix, then each restore key; the newest wins. */
export function findCache(forge: Forge, repo: Repo, query: CacheQuery): CacheRecord | undefined {
  const store = repo.store<CacheRecord>("caches");
  const known = store.list().filter((cache) => cache.final && cache.version === query.version);
  for (const scope of query.scopes) {
    const inScope = known.filter((cache) => cache.scope === scope).toReversed();
    const found =
      inScope.find((cache) => cache.key === query.key) ??
      [query.key, ...query.restoreKeys]
        .map((prefix) => inScope.find((cache) => cache.key.startsWith(prefix)))
        .find((cache) => cache !== undefined);
    if (found !== undefined) return store.set(found.id, { last_accessed_at: forge.instant() });
  }
  return undefined;
}
