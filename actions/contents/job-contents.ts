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
import { openStore } from "#store/open-store.ts";
import { formatSize } from "#core/message/format.ts";
import type { Job } from "#actions/job.ts";
import { say, speakForUs } from "#actions/say.ts";
import { openDataCache } from "./data-cache.ts";
import { storeEnvironment } from "./store-environment.ts";

const sayEveryMs = 10_000;

/**
 * What pointers stand for, for the steps of a job: from the store that the base branch names, with the credentials of
 * `secrets` (dotenv) or the environment, by way of the cache of workflows. `head` is asked where the base has no config
 * yet: the pull request of `init`.
 */
export function jobContents(
  job: Job,
  commits: { base: CommitSha; head: CommitSha | undefined },
  secrets: string,
): Contents & { close(): Promise<void> } {
  const folder = join(job.folder, "contents");
  let lastSaid = performance.now();
  const env = storeEnvironment(secrets, process.env);
  const cache = openDataCache(job);
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
  if (found.address !== undefined || found.hasConfig || head === undefined) return absolute(found.address);
  return absolute((await readStore(ports.repository, head)).address);
}

/** The same for a plan, with the secrets that the step was given. */
export function planContents(job: Job, plan: Pick<PlanRecord, "base" | "head">): ReturnType<typeof jobContents> {
  const commits = { base: parseCommitSha(plan.base), head: parseCommitSha(plan.head) };
  return jobContents(job, commits, core.getInput("secrets"));
}

/** A folder beside somebody's clone means nothing on a runner; one that runners have mounted does. */
function absolute(address: StoreAddress | undefined): StoreAddress | undefined {
  if (address?.kind === "folder" && !address.path.startsWith("/"))
    throw new Error(
      `Cannot reach the store of the data: the folder "${address.path}" is none that a runner has; name a mounted folder by its whole path, a bucket, or "releases"`,
    );
  return address;
}
