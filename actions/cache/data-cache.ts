import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localStore } from "#actions/cache/local-store.ts";
import { serviceStore } from "#actions/cache/service-store.ts";
import { mayKeep, type FolderStore } from "#actions/cache/setup-cache.ts";
import type { DataCache } from "#actions/contents/job-contents.ts";
import type { Job } from "#actions/job.ts";
import { say } from "#actions/say.ts";

/** so many outs of each scope are kept on a machine */
const mostKept = 50;

/**
 * Keeps fetched data from one run to the next, one entry an out, by its digest: whatever comes back is verified like
 * something fetched. Only in private repositories: the default branch's entries are found by every pull request, those of
 * forks too, and data that needs credentials is not theirs.
 */
export function openDataCache(job: Job): DataCache {
  const store = job.isPrivate ? openKept(job) : undefined;
  const ids = new Set<string>();
  // The runner's own folder: the same from run to run, as the service wants it, and no other runner's.
  const path = (id: string): string => join(process.env["RUNNER_TEMP"] ?? tmpdir(), "trainyard-data", id);
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      say(`Data could not be ${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return {
    cacheFor(id) {
      ids.add(id);
      return { folder: path(id) };
    },
    async restore(id) {
      ids.add(id);
      await attempt("restored", async () => await store?.restore([path(id)], name(id), name(id)));
    },
    async keep(id) {
      if (store === undefined || !mayKeep(job)) return;
      await attempt("kept", async () => await store.save([path(id)], name(id)));
    },
    async close() {
      for (const id of ids) {
        // oxlint-disable-next-line no-await-in-loop -- one disk
        await rm(path(id), { recursive: true, force: true });
      }
    },
  };
}

/** A folder of the machine where whoever runs it names one, else the service; undefined where there is neither. */
function openKept(job: Job): FolderStore | undefined {
  const folder = process.env["TRAINYARD_CACHE"] ?? "";
  return folder === "" ? serviceStore() : localStore(join(folder, "data"), job, mostKept);
}

const name = (id: string): string => `trainyard-data-1-${id}`;
