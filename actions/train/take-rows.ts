import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "#actions/job.ts";
import { takeRowsFolder } from "#actions/prepare/take-rows-folder.ts";

/** Rows without labels by evaluation, exactly as the job `prepare` left them. */
export async function takeRows(job: Job): Promise<ReadonlyMap<string, string>> {
  const folder = await takeRowsFolder(job);
  if (folder === undefined) return new Map();
  const files = await readdir(folder, { recursive: true });
  return new Map(
    files.flatMap((path) => {
      const match = /^([0-9a-f]{64})[/\\]rows\.[a-z.]+$/.exec(path);
      return match?.[1] === undefined ? [] : [[match[1], join(folder, path)]];
    }),
  );
}
