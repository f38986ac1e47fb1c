import { constants } from "node:fs";
import { copyFile, link, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseBlobSha } from "#core/names.ts";
import type { Contents } from "#core/pointer/contents.ts";
import { isPointerPath, placeOut } from "#core/pointer/pointer.ts";
import { readDvcPointer } from "#core/pointer/read-dvc-pointer.ts";
import { readLfsPointer } from "#core/pointer/read-lfs-pointer.ts";
import type { DataFile } from "#data/data-file.ts";
import type { TaskOptions } from "#actions/perform-task.ts";

type Entry = { path: string; mode: string; blob: string };
/**
 * `blob` tells contents apart: git's id, or "md5:…" of what a pointer stands for. `from`: git's id of the entry itself.
 */
export type VersionedDataFile = DataFile & { blob: string; from: string };

/**
 * Writes blobs as files that keep their ending; the name on disk is ours, the path shown is the repository's. In place of
 * a pointer stand the files that it names, under their own paths. `lenient`: one whose data cannot be had stays a pointer,
 * as an older version's may.
 */
export async function writeDataFiles(
  options: Pick<TaskOptions, "readBlob" | "contents">,
  folder: string,
  entries: readonly Entry[],
  { lenient = false }: { lenient?: boolean } = {},
): Promise<readonly VersionedDataFile[]> {
  const files: VersionedDataFile[] = [];
  const place = (shown: string): string => join(folder, `${files.length}${ending(shown)}`);
  const { contents } = options;
  const reachable = contents !== undefined && (await isReachable(contents, entries));
  for (const entry of entries) {
    // oxlint-disable-next-line no-await-in-loop -- one file in memory at a time
    const bytes = await options.readBlob(parseBlobSha(entry.blob));
    // oxlint-disable-next-line no-await-in-loop -- see above
    const found = await fetchEntry(contents, entry, bytes, { lenient, reachable });
    for (const { shown, file, blob } of found ?? []) {
      const path = place(shown);
      // oxlint-disable-next-line no-await-in-loop -- one disk
      await layOne(file, path);
      files.push({ path, shown, blob, from: entry.blob });
    }
    if (found !== undefined) continue;
    const path = place(entry.path);
    // oxlint-disable-next-line no-await-in-loop -- one disk
    await writeFile(path, bytes);
    files.push({ path, shown: entry.path, blob: entry.blob, from: entry.blob });
  }
  return files;
}

/** Where the team's own command fetches, only its own jobs see the data. */
async function isReachable(contents: Contents, entries: readonly Entry[]): Promise<boolean> {
  return !entries.some(({ path }) => isPointerPath(path)) || (await contents.reach()) === "store";
}

/** What an entry stands for where it is a pointer; undefined where it is none. */
async function fetchEntry(
  contents: Contents | undefined,
  { path }: Entry,
  bytes: Uint8Array,
  { lenient, reachable }: { lenient: boolean; reachable: boolean },
): Promise<readonly { shown: string; file: string; blob: string }[] | undefined> {
  if (contents === undefined) return undefined;
  try {
    const large = readLfsPointer(bytes);
    if (large !== undefined)
      return [{ shown: path, file: await contents.fetchLfs(large, path), blob: `sha256:${large.sha256}` }];
    if (!reachable || !isPointerPath(path)) return undefined;
    const found: { shown: string; file: string; blob: string }[] = [];
    for (const out of readDvcPointer(new TextDecoder().decode(bytes), path)) {
      const at = placeOut(path, out);
      // oxlint-disable-next-line no-await-in-loop -- each fetches its files side by side
      for (const { relpath, file, md5 } of await contents.fetch(out, path))
        found.push({ shown: relpath === "" ? at : `${at}/${relpath}`, file, blob: `md5:${md5}` });
    }
    return found;
  } catch (error) {
    if (lenient) return undefined;
    throw error;
  }
}

/** These files are only read: one name more will do where the file system has it. */
async function layOne(from: string, to: string): Promise<void> {
  await link(from, to).catch(async () => await copyFile(from, to, constants.COPYFILE_FICLONE));
}

/** ".csv.gz" of "a/b.csv.gz": what tells a reader the format. */
function ending(path: string): string {
  return /\.(?:csv|tsv|ndjson|jsonl|json|parquet|pq)(?:\.(?:gz|zst))?$/i.exec(path)?.[0] ?? "";
}
