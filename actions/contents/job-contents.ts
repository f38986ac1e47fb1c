import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as core from "@actions/core";
import { parseCommitSha, type CommitSha } from "#core/names.ts";
import type { PlanRecord } from "#core/plan/plan-record.ts";
import type { Contents } from "#core/pointer/contents.ts";
import type { StoreAddress } from "#core/store-address.ts";
import { readStore } from "#flow/observe/read-store.ts";
import { openContents } from "#store/contents.ts";
import { lfsStore } from "#store/lfs-store.ts";
import type { ObjectCache } from "#store/workspace/object-cache.ts";
import { openStore } from "#store/open-store.ts";
import { formatSize } from "#core/message/format.ts";
import type { Job } from "#actions/job.ts";
import { say, speakForUs } from "#actions/say.ts";
import { storeEnvironment } from "./store-environment.ts";

/** Where fetched data lies while a job runs, and whether it is kept from one to the next. */
export type DataCache = {
  cacheFor(id: string): ObjectCache;
  restore(id: string): Promise<void>;
  keep(id: string): Promise<void>;
  /** Removes what this job has laid on the machine. */
  close(): Promise<void>;
};

const sayEveryMs = 10_000;

/**
 * What pointers stand for, for the steps of a job: from the store that the base branch names, with the credentials of
 * `secrets` (dotenv) or the environment. `head` is asked where the base names no store yet.
 * `cache`: only where something is trained. What judges or watches restores nothing that somebody else kept.
 */
export function jobContents(
  job: Job,
  commits: { base: CommitSha; head: CommitSha | undefined },
  secrets: string,
  cache: DataCache = noCache(job),
): Contents & { close(): Promise<void> } {
  const folder = join(job.folder, "contents");
  let lastSaid = performance.now();
  const env = storeEnvironment(secrets, process.env);
  const contents = openContents({
    address: async () => await findAddress(job, commits),
    open: async (address) =>
      await openStore(address, {
        root: folder,
        env,
        releases: async () => await Promise.resolve(job.releaseObjects()),
      }),
    cacheFor: cache.cacheFor,
    lfs: URL.canParse(job.cloneUrl) ? lfsStore(job.cloneUrl, job.token) : undefined,
    restore: cache.restore,
    keep: cache.keep,
    onBytes(shown, done, size) {
      if (performance.now() - lastSaid < sayEveryMs) return;
      lastSaid = performance.now();
      say(`Fetching ${shown}: ${formatSize(done)}${size === undefined ? "" : ` of ${formatSize(size)}`}`);
    },
  });
  return {
    reach: async () => await contents.reach(),
    fetch: async (out, pointer) => await speakForUs(async () => await contents.fetch(out, pointer)),
    fetchLfs: async (object, shown) => await speakForUs(async () => await contents.fetchLfs(object, shown)),
    async close() {
      await cache.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function findAddress(
  { ports }: Job,
  { base, head }: { base: CommitSha; head: CommitSha | undefined },
): Promise<StoreAddress | undefined> {
  const found = await readStore(ports.repository, base);
  return absolute(found ?? (head === undefined ? undefined : await readStore(ports.repository, head)));
}

/** The same for a plan, with the secrets that the step was given. */
export function planContents(
  job: Job,
  plan: Pick<PlanRecord, "base" | "head">,
  cache?: DataCache,
): ReturnType<typeof jobContents> {
  const commits = { base: parseCommitSha(plan.base), head: parseCommitSha(plan.head) };
  return jobContents(job, commits, core.getInput("secrets"), cache);
}

function noCache(job: Job): DataCache {
  const nothing = async (): Promise<void> => await Promise.resolve();
  return {
    cacheFor: () => ({ folder: join(job.folder, "contents") }),
    restore: nothing,
    keep: nothing,
    close: nothing,
  };
}

/** A folder beside somebody's clone means nothing on a runner; one that runners have mounted does. */
function absolute(address: StoreAddress | undefined): StoreAddress | undefined {
  if (address?.kind === "folder" && !address.path.startsWith("/"))
    throw new Error(
      `Cannot reach the store of the data: the folder "${address.path}" is none that a runner has; name a mounted folder by its whole path, a bucket, or "releases"`,
    );
  return address;
}
