import { compileGlobs, findGlobMistake } from "#core/config/glob.ts";
import type { Tree, TreeEntry } from "#core/identity/tree.ts";
import { isPointerPath, placeOut, PointerError, type Out } from "#core/pointer/pointer.ts";
import { readDvcPointer } from "#core/pointer/read-dvc-pointer.ts";
import { formatOf } from "#data/data-file.ts";
import type { Git } from "#git/open-git.ts";
import type { ObjectStore } from "#core/object-store.ts";
import { fetchListing, fetchOut } from "#store/transfer/fetch-out.ts";
import { openClone } from "#cli/data/stored/open-clone.ts";
import { TransferProgress } from "#cli/data/stored/transfer-progress.ts";

/** A file that a pointer of a commit stands for: its place in the repository, and where its bytes lie in the cache. */
export type PointedFile = { place: string; path: string; md5: string };

type Pointed = { pointer: string; out: Out; place: string; named: boolean };

/**
 * What pointers of a commit hold of a pattern: the pointers themselves that it names, single files, folders by their own
 * name, and files in folders. Brought into the clone's cache, and verified. Throws an `Error` that names pointer, digest,
 * store and mend. Where a whole folder is meant, its tables.
 */
export async function findPointedVersion(git: Git, tree: Tree, pattern: string): Promise<readonly PointedFile[]> {
  const isFile = isPlain(pattern) ? (place: string) => place === pattern : compileGlobs([pattern]);
  const pointed = await listPointed(git, tree, pattern, isFile);
  if (pointed.length === 0) return [];
  const clone = await openClone();
  const progress = new TransferProgress("fetching");
  const said = { onBytes: progress.onBytes };
  let store: Promise<ObjectStore> | undefined;
  // What the cache has needs no store.
  const from = { cache: clone.cache, openStore: async () => await (store ??= clone.openStore()) };
  const found: PointedFile[] = [];
  try {
    for (const { pointer, out, place, named } of pointed) {
      const isWanted = (file: string): boolean =>
        isFile(file) || ((named || isWithin(pattern, place, file)) && (!out.folder || formatOf(file) !== undefined));
      const fullName = (relpath: string): string => (relpath === "" ? place : `${place}/${relpath}`);
      // A folder that the pattern says nothing of is not fetched.
      // oxlint-disable-next-line no-await-in-loop -- each fetches its files side by side
      const names = out.folder ? await fetchListing(from, out, pointer, said) : [{ relpath: "" }];
      if (!names.some(({ relpath }) => isWanted(fullName(relpath)))) continue;
      // oxlint-disable-next-line no-await-in-loop -- see above
      for (const { relpath, file, md5 } of await fetchOut(from, out, pointer, said))
        if (isWanted(fullName(relpath))) found.push({ place: fullName(relpath), path: file, md5 });
    }
  } finally {
    progress.clear();
    clone.close();
  }
  return found;
}

/** The outs that may hold something of the pattern. */
async function listPointed(
  git: Git,
  tree: Tree,
  pattern: string,
  isFile: (place: string) => boolean,
): Promise<readonly Pointed[]> {
  const found: Pointed[] = [];
  for (const { path, blob } of tree.values()) {
    const named = isFile(path);
    if (!isPointerPath(path) || !(named || isBeside(path, pattern))) continue;
    // oxlint-disable-next-line no-await-in-loop -- small, and few lie where the pattern looks
    for (const out of await readOuts(git, { path, blob }, named)) {
      const place = placeOut(path, out);
      if (named || (out.folder ? mayHold(place, pattern) : isFile(place)))
        found.push({ pointer: path, out, place, named });
    }
  }
  return found;
}

/** A pointer that nobody named may be odd: what it stands for is found nowhere then. */
async function readOuts(
  git: Git,
  { path, blob }: Pick<TreeEntry, "path" | "blob">,
  named: boolean,
): Promise<readonly Out[]> {
  const object = await git.object(blob);
  if (object === undefined) return [];
  try {
    return readDvcPointer(object.bytes.toString("utf8"), path);
  } catch (error) {
    if (named || !(error instanceof PointerError)) throw error;
    return [];
  }
}

const isPlain = (pattern: string): boolean => !/[*?]/.test(pattern) || findGlobMistake(pattern) !== undefined;

/** May the folder of this pointer hold what is meant? Compares what both say before the first sign of a pattern. */
function isBeside(pointer: string, pattern: string): boolean {
  const folder = pointer.slice(0, pointer.lastIndexOf("/") + 1);
  if (isPlain(pattern)) return pattern.startsWith(folder);
  const fixed = pattern.slice(0, pattern.search(/[*?]/));
  return folder.startsWith(fixed) || fixed.startsWith(folder);
}

/** May anything in this folder match? Decided segment by segment, up to the first that stands for any number of them. */
function mayHold(folder: string, pattern: string): boolean {
  if (isPlain(pattern)) return `${pattern}/`.startsWith(`${folder}/`);
  const [parts, places] = [pattern.split("/"), folder.split("/")];
  const any = parts.indexOf("**");
  const upTo = any === -1 ? places.length : Math.min(any, places.length);
  if (any === -1 && parts.length <= places.length) return false;
  return upTo === 0 || compileGlobs([parts.slice(0, upTo).join("/")])(places.slice(0, upTo).join("/"));
}

/** A folder's own name, or that of one within it, stands for what is in it. */
function isWithin(pattern: string, place: string, file: string): boolean {
  if (!isPlain(pattern)) return false;
  return (pattern === place || pattern.startsWith(`${place}/`)) && (file === place || file.startsWith(`${pattern}/`));
}
