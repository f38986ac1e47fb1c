import { existsSync, lstatSync, realpathSync } from "node:fs";
import { rm } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { isBelow } from "#core/pointer/is-below.ts";
import { placeOut, PointerError, type Out } from "#core/pointer/pointer.ts";
import type { Fetched } from "#core/pointer/contents.ts";
import { cachePath, layFile, type ObjectCache } from "./object-cache.ts";
import { digestOut, isOut, type Digested } from "./read-workspace.ts";

/**
 * Brings a clone's file or folder to what its pointer says, out of the cache. What is there otherwise, and kept nowhere,
 * is an error unless `force` says that it may go. Answers whether anything had to be done.
 */
export async function checkOut(
  place: { root: string; cache: ObjectCache; force: boolean },
  pointer: string,
  out: Out,
  files: readonly Fetched[],
): Promise<boolean> {
  const shown = placeOut(pointer, out);
  const to = join(place.root, shown);
  for (const { relpath } of files) {
    const link = findLink(place.root, relpath === "" ? shown : `${shown}/${relpath}`);
    if (link !== undefined)
      throw new PointerError(
        `Cannot bring "${shown}" to what "${pointer}" says: "${link}" is a link that leads out of the clone; put a folder in its place`,
      );
  }
  const before = await digestOut(place.root, pointer, out);
  if (before !== undefined && isOut(out, before)) return false;
  if (before !== undefined && !place.force && !isKept(place.cache, before))
    throw new PointerError(
      `Cannot bring "${shown}" to what "${pointer}" says: it was changed, and what it holds is stored nowhere; keep it with "trainyard data add ${shown}", or say --force to lose it`,
    );
  if (before !== undefined && before.folder !== out.folder) await rm(to, { recursive: true });
  const known = new Map(before?.files.map(({ relpath, md5 }) => [relpath, md5]));
  for (const { relpath, file } of files) {
    const id = known.get(relpath);
    known.delete(relpath);
    const same = before?.folder === true && id !== undefined && cachePath(place.cache, id) === file;
    // oxlint-disable-next-line no-await-in-loop -- one disk
    if (!same) await layFile(file, relpath === "" ? to : join(to, relpath));
  }
  if (before?.folder === true && out.folder)
    for (const relpath of known.keys()) {
      // oxlint-disable-next-line no-await-in-loop -- see above
      await rm(join(to, relpath));
    }
  return true;
}

/** The folder above a file through which it would be written elsewhere: links come from git, as pointers do. */
function findLink(root: string, path: string): string | undefined {
  const inside = realpathSync(root);
  for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1)) {
    const folder = path.slice(0, at);
    if (lstatSync(join(root, folder), { throwIfNoEntry: false })?.isSymbolicLink() !== true) continue;
    const target = existsSync(join(root, folder)) ? realpathSync(join(root, folder)) : "";
    const below = relative(inside, target);
    if (target === "" || isAbsolute(below) || !isBelow(below.replaceAll(sep, "/"))) return folder;
  }
  return undefined;
}

function isKept(cache: ObjectCache, found: Digested): boolean {
  return found.files.every(({ md5 }) => existsSync(cachePath(cache, md5)));
}
