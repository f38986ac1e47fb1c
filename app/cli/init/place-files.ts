import { lstat, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "#disk/write-whole.ts";
import { ExitError } from "#cli/exit-error.ts";
import { isBehindLink } from "./read-clone.ts";

type Placed = { path: string; text: string };

/**
 * Which of these files are there already. Throws, before anything is written, where one is and `force` does not say that
 * it may go, and where a link would lead out of the clone.
 */
export async function findObstacles(
  folder: string,
  files: readonly Placed[],
  force: boolean,
): Promise<ReadonlySet<string>> {
  const there = new Set<string>();
  for (const { path } of files) {
    // oxlint-disable-next-line no-await-in-loop -- two files
    const stat = await lstat(join(folder, path)).catch(() => undefined);
    // oxlint-disable-next-line no-await-in-loop -- two files
    if (stat?.isSymbolicLink() === true || (await isBehindLink(folder, path)))
      throw new ExitError(2, `Cannot write "${path}": it is a link or lies behind one; remove the link first`);
    if (stat !== undefined && !stat.isFile())
      throw new ExitError(2, `Cannot write "${path}": there is something that is no file; move it away first`);
    if (stat !== undefined) there.add(path);
  }
  if (there.size > 0 && !force) {
    const names = [...there].map((path) => `"${path}"`).join(" and ");
    const is = there.size === 1 ? "is" : "are";
    throw new ExitError(
      1,
      `${names} ${is} there already, so nothing was written: --force writes over it, --dry-run shows what would be`,
    );
  }
  return there;
}

/** Writes all files or, where one fails, leaves everything as it was. */
export async function writeTogether(folder: string, files: readonly Placed[]): Promise<void> {
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const { path, text } of files) {
      const file = join(folder, path);
      // oxlint-disable-next-line no-await-in-loop -- in order, so that it can be undone
      const before = await readFile(file).catch(() => undefined);
      // oxlint-disable-next-line no-await-in-loop -- see above
      await writeWhole(file, text);
      undo.push(async () => (before === undefined ? await rm(file, { force: true }) : await writeWhole(file, before)));
    }
  } catch (cause) {
    // oxlint-disable-next-line no-await-in-loop -- the last one first
    for (const back of undo.toReversed()) await back();
    const because = cause instanceof Error ? cause.message : String(cause);
    throw new ExitError(2, `Cannot write into "${folder}": ${because}; nothing was changed`);
  }
}
