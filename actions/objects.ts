import { writeFile, mkdir } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { fetchObjects } from "#git/fetch-objects.ts";
import { parseBlobSha, parseCommitSha, type BlobSha } from "#core/names.ts";
import type { PlanRecord } from "#core/plan/plan-record.ts";
import type { Job } from "./job.ts";

type Entry = { path: string; mode: string; blob: string };
export type NamedFile = { path: string; file: string };

/** Git objects of a plan, fetched once: blobs by id, and blobs as files. */
export type Objects = {
  read(blob: BlobSha): Promise<Uint8Array>;
  /** Writes blobs as files that keep their ending; the name on disk is ours, the path is the repository's. */
  asFiles(entries: readonly Entry[], name: string): Promise<readonly NamedFile[]>;
  close(): void;
};

/** Fetches the plan's commits and these of their files. */
export async function openObjects(job: Job, plan: Pick<PlanRecord, "objects">, entries: readonly Entry[]): Promise<Objects> {
  const git = await fetchObjects({
    folder: join(job.folder, "objects"),
    url: job.cloneUrl,
    commits: plan.objects.map(parseCommitSha),
    blobs: [...new Set(entries.map(({ blob }) => blob))].map(parseBlobSha),
    token: job.token,
  });
  const read = async (blob: BlobSha): Promise<Uint8Array> => {
    const object = await git.object(blob);
    if (object === undefined) throw new Error(`The blob ${blob} is not among the commits of the plan: push again`);
    return object.bytes;
  };
  return {
    read,
    async asFiles(wanted, name) {
      const folder = join(job.folder, "files", name);
      await mkdir(folder, { recursive: true });
      const files: NamedFile[] = [];
      for (const [index, entry] of wanted.entries()) {
        const file = join(folder, `${index}${endings(entry.path)}`);
        // oxlint-disable-next-line no-await-in-loop -- one file in memory at a time
        await mkdir(dirname(file), { recursive: true });
        // oxlint-disable-next-line no-await-in-loop -- see above
        await writeFile(file, await read(parseBlobSha(entry.blob)));
        files.push({ path: entry.path, file });
      }
      return files;
    },
    close: () => git.close(),
  };
}

/** ".csv.gz" of "a/b.csv.gz": what tells a reader the format. The rest of the name is a stranger's. */
function endings(path: string): string {
  const last = extname(path);
  const before = extname(path.slice(0, path.length - last.length));
  const known = /^\.(?:csv|tsv|ndjson|jsonl|json|parquet)$/;
  return /^\.(?:gz|zst)$/.test(last) && known.test(before) ? `${before}${last}` : known.test(last) ? last : "";
}
