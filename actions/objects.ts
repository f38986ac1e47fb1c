import { join } from "node:path";
import { fetchObjects } from "#git/fetch-objects.ts";
import { parseBlobSha, parseCommitSha, type BlobSha } from "#core/names.ts";
import type { PlanRecord } from "#core/plan/plan-record.ts";
import type { Job } from "./job.ts";

/** Git objects of a plan, fetched once. */
export type Objects = { read(blob: BlobSha): Promise<Uint8Array>; close(): void };

/** Fetches the plan's commits and the blobs of these files. */
export async function openObjects(
  job: Job,
  plan: Pick<PlanRecord, "objects">,
  entries: readonly { blob: string }[],
): Promise<Objects> {
  const git = await fetchObjects({
    folder: join(job.folder, "objects"),
    url: job.cloneUrl,
    commits: plan.objects.map(parseCommitSha),
    blobs: [...new Set(entries.map(({ blob }) => blob))].map(parseBlobSha),
    token: job.token,
  });
  return {
    async read(blob) {
      const object = await git.object(blob);
      if (object === undefined) throw new Error(`The blob ${blob} is not among the commits of the plan: push again`);
      return object.bytes;
    },
    close: () => git.close(),
  };
}
