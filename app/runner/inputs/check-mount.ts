import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { isPassedOver } from "#core/pointer/is-passed-over.ts";
import { sampleFiles, type MountedFile } from "#core/pointer/mount-manifest.ts";

/** so many files are looked at, and so many of their bytes hashed, where not all are asked for */
const sampled = { files: 200, bytes: 2 * 1024 ** 3 };

export type MountCheck = { problem: string | undefined; looked: number; hashed: number };

/**
 * Holds a mounted folder to the manifest that git has: a sample that the manifest itself decides, or with `full` every
 * file, and no others may lie there. Sizes are compared for all that is looked at, SHA-256 where the manifest has one. An ETag is the store's own word
 * and cannot be computed from bytes: there the size is all.
 */
export async function checkMount(
  mount: string,
  files: readonly MountedFile[],
  options: { full?: boolean; onFile?: (path: string) => void } = {},
): Promise<MountCheck> {
  if ((await stat(mount).catch(() => undefined))?.isDirectory() !== true)
    return { problem: `"${mount}" is not mounted here: run on a machine that has it (runs-on)`, looked: 0, hashed: 0 };
  const chosen = options.full === true ? files : sampleFiles(files, sampled.files);
  let [looked, hashed, bytes] = [0, 0, 0];
  for (const file of chosen) {
    options.onFile?.(file.path);
    looked += 1;
    const hash = file.sha256 !== undefined && (options.full === true || bytes + file.size <= sampled.bytes);
    // oxlint-disable-next-line no-await-in-loop -- one stream from a mount
    const because = await findDifference(join(mount, file.path), file, hash);
    if (because !== undefined)
      return {
        problem: `"${file.path}" below "${mount}" ${because}: bring the mount to what the manifest says, or write the manifest anew and commit it`,
        looked,
        hashed,
      };
    if (hash) [hashed, bytes] = [hashed + 1, bytes + file.size];
  }
  const more = options.full === true ? await findMore(mount, files) : undefined;
  if (more === undefined) return { problem: undefined, looked, hashed };
  const problem = `"${more}" below "${mount}" is not in the manifest, and training would find it: take it away, or write the manifest anew and commit it`;
  return { problem, looked, hashed };
}

/** The first of what lies in the mount and is in no line of its manifest; what a manifest passes over is passed over. */
async function findMore(mount: string, files: readonly MountedFile[]): Promise<string | undefined> {
  const known = new Set(files.map(({ path }) => path));
  const entries = await readdir(mount, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(mount, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .filter((path) => !known.has(path) && !path.split("/").some(isPassedOver))
    .sort()[0];
}

async function findDifference(place: string, file: MountedFile, hash: boolean): Promise<string | undefined> {
  const look = await lstat(place).catch(() => undefined);
  if (look === undefined) return "is not there";
  if (!look.isFile()) return "is no file";
  if (look.size !== file.size) return `has ${look.size} bytes, and the manifest says ${file.size}`;
  if (!hash) return undefined;
  const found = await digest(place);
  return found === file.sha256 ? undefined : `has the SHA-256 ${found}, and the manifest says ${file.sha256 ?? ""}`;
}

async function digest(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 ** 2 }))
    if (chunk instanceof Uint8Array) hash.update(chunk);
  return hash.digest("hex");
}
