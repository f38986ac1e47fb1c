import type { FolderStore } from "./setup-cache.ts";

/**
 * GitHub's cache service. What a pull request saves is scoped to its merge ref: its own later runs find it, and nobody
 * else does; what the default branch saved, everybody finds. Undefined where the runner knows no such service.
 */
export function serviceStore(): FolderStore | undefined {
  // Loading the client takes half a second: only set-ups that keep something pay for it.
  if ((process.env["ACTIONS_RESULTS_URL"] ?? process.env["ACTIONS_CACHE_URL"] ?? "") === "") return undefined;
  const client = import("@actions/cache");
  return {
    restore: async (paths, key, like) => await (await client).restoreCache([...paths], key, [like]),
    has: async (paths, key) =>
      (await (await client).restoreCache([...paths], key, [], { lookupOnly: true })) !== undefined,
    save: async (paths, key) => void (await (await client).saveCache([...paths], key)),
  };
}
