import { constants } from "node:fs";
import { lstat, open } from "node:fs/promises";
import { join } from "node:path";
import { isRepositoryPath } from "#core/identity/repository-path.ts";
import { chooseTexts, type CloneView } from "#core/init/clone-view.ts";
import type { Git } from "#git/open-git.ts";

const mostPaths = 100_000;
const mostBytes = 64 * 1024;

/**
 * What git keeps in a clone, or would: the names of all files, and the first 64 KB of those worth reading. Links are not
 * followed, so nothing outside the clone is read.
 */
export async function readClone(git: Git, name: string): Promise<CloneView> {
  const listed = await git.run(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  const all = [...new Set(listed.stdout.toString("utf8").split("\0"))].filter(isRepositoryPath).slice(0, mostPaths);
  const texts = new Map<string, string>();
  for (const path of chooseTexts(all)) {
    // oxlint-disable-next-line no-await-in-loop -- small files, one after the other
    const text = await readBeginning(git.folder, path);
    if (text !== undefined) texts.set(path, text);
  }
  return { name, paths: all.toSorted(), texts };
}

/** Undefined where the file is a link or lies behind one, is no regular file or is gone. */
async function readBeginning(folder: string, path: string): Promise<string | undefined> {
  try {
    if (await isBehindLink(folder, path)) return undefined;
    const file = await open(join(folder, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      if (!(await file.stat()).isFile()) return undefined;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, 0);
      return buffer.subarray(0, bytesRead).toString("utf8").replaceAll("\r\n", "\n");
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

/** Is any folder of this path a link? */
export async function isBehindLink(folder: string, path: string): Promise<boolean> {
  const parts = path.split("/").slice(0, -1);
  const found = await Promise.all(
    parts.map(async (_, index) => await lstat(join(folder, ...parts.slice(0, index + 1))).catch(() => undefined)),
  );
  return found.some((stat) => stat?.isSymbolicLink() === true);
}
