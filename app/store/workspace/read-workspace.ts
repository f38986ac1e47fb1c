import { existsSync, lstatSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { digestFolder, writeListing } from "#core/pointer/folder-listing.ts";
import { isPassedOver } from "#core/pointer/is-passed-over.ts";
import { placeOut, PointerError, type Out } from "#core/pointer/pointer.ts";
import { createHash } from "node:crypto";
import { hashFile, type FileDigests } from "#store/hash-file.ts";
import { inParallel } from "#store/transfer/in-parallel.ts";

const atOnce = 4;

/** A file or folder as it lies: the ids by which it is stored, and those of its files. */
export type Digested = {
  md5: string;
  sha256: string;
  size: number;
  folder: boolean;
  nfiles: number | undefined;
  /** of a folder: its listing as it is stored */
  listing: string | undefined;
  files: readonly (FileDigests & { relpath: string; file: string })[];
};

export type HashProgress = (shown: string, done: number, size: number | undefined) => void;

/** Reads a file, or all files of a folder. Throws a `PointerError` for links and whatever else is no file. */
export async function digestPath(file: string, shown: string, onBytes?: HashProgress): Promise<Digested> {
  const look = lstatSync(file);
  if (look.isFile()) {
    const found = await hashFile(file, (done) => onBytes?.(shown, done, look.size));
    return { ...found, folder: false, nfiles: undefined, listing: undefined, files: [{ ...found, relpath: "", file }] };
  }
  if (!look.isDirectory())
    throw new PointerError(`Cannot add "${shown}": it is neither a file nor a folder; name what it points to`);
  const paths = await listFiles(file, shown);
  const files = await inParallel(paths, atOnce, async (path) => {
    const place = join(file, path);
    return {
      ...(await hashFile(place, (done) => onBytes?.(`${shown}/${path}`, done, undefined))),
      relpath: path,
      file: place,
    };
  });
  const listing = writeListing(files);
  return {
    md5: createHash("md5").update(listing).digest("hex"),
    sha256: digestFolder(files),
    size: files.reduce((sum, { size }) => sum + size, 0),
    folder: true,
    nfiles: files.length,
    listing,
    files,
  };
}

/** What lies where an out belongs; undefined where nothing does. */
export async function digestOut(
  root: string,
  pointer: string,
  out: Out,
  onBytes?: HashProgress,
): Promise<Digested | undefined> {
  const shown = placeOut(pointer, out);
  const file = join(root, shown);
  return existsSync(file) ? await digestPath(file, shown, onBytes) : undefined;
}

/** Are these the bytes of the out? A SHA-256 decides where one is known. */
export function isOut(out: Out, found: Digested): boolean {
  if (out.folder !== found.folder || out.md5 !== found.md5) return false;
  return out.sha256 === undefined || out.sha256 === found.sha256;
}

async function listFiles(folder: string, shown: string): Promise<readonly string[]> {
  const found: string[] = [];
  const walk = async (at: string): Promise<void> => {
    for (const entry of await readdir(at, { withFileTypes: true })) {
      const place = join(at, entry.name);
      const path = relative(folder, place).replaceAll(sep, "/");
      // oxlint-disable-next-line no-await-in-loop -- folders are few beside files
      if (entry.isDirectory()) await (isPassedOver(entry.name) ? undefined : walk(place));
      else if (entry.isFile()) found.push(...(isPassedOver(entry.name) ? [] : [path]));
      else throw new PointerError(`Cannot add "${shown}": "${path}" in it is a link, or no file; replace it by a copy`);
    }
  };
  await walk(folder);
  return found.sort();
}
