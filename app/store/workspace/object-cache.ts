import { randomUUID } from "node:crypto";
import { constants, existsSync } from "node:fs";
import { chmod, copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { objectKey } from "#core/object-store.ts";

/** A folder of objects in the layout of DVC's own cache, so that one of a repository serves both. */
export type ObjectCache = { folder: string };

/** Where an object lies in the cache, there or not; a folder's listing has ".dir" behind its MD5. */
export function cachePath(cache: ObjectCache, id: string): string {
  return join(cache.folder, objectKey(id));
}

/** Keeps a file's bytes under its MD5. */
export async function cacheFile(cache: ObjectCache, id: string, file: string): Promise<void> {
  const to = cachePath(cache, id);
  if (!existsSync(to))
    await writeAside(to, 0o444, async (aside) => await copyFile(file, aside, constants.COPYFILE_FICLONE));
}

/** Keeps a folder's listing under its MD5. */
export async function cacheListing(cache: ObjectCache, id: string, text: string): Promise<void> {
  const to = cachePath(cache, id);
  if (!existsSync(to)) await writeAside(to, 0o444, async (aside) => await writeFile(aside, text));
}

/** Copies a file so that its new name has all of it or does not exist. */
export async function layFile(from: string, to: string): Promise<void> {
  await writeAside(to, 0o644, async (aside) => await copyFile(from, aside, constants.COPYFILE_FICLONE));
}

async function writeAside(to: string, mode: number, write: (aside: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const aside = `${to}.${randomUUID()}.part`;
  try {
    await write(aside);
    await chmod(aside, mode);
    await rename(aside, to);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOSPC" || code === "EDQUOT")
      throw new Error(`Cannot write "${to}": the disk is full; make room, and start again`, { cause: error });
    throw error;
  }
}
