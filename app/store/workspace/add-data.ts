import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { writeDvcPointer } from "#core/pointer/write-dvc-pointer.ts";
import { cacheFile, cacheListing, type ObjectCache } from "./object-cache.ts";
import { digestPath, type Digested, type HashProgress } from "./read-workspace.ts";
import { writeBeside } from "./write-beside.ts";

export type Added = { path: string; pointer: string; found: Digested; changed: boolean };

/**
 * Keeps a file or folder in the cache, writes its pointer beside it and has git pass it over. The pointer comes last: one
 * that is there stands for bytes that are kept.
 */
export async function addData(root: string, path: string, cache: ObjectCache, onBytes?: HashProgress): Promise<Added> {
  const found = await digestPath(join(root, path), path, onBytes);
  for (const { md5, file } of found.files) {
    // oxlint-disable-next-line no-await-in-loop -- one disk
    await cacheFile(cache, md5, file);
  }
  if (found.listing !== undefined) await cacheListing(cache, `${found.md5}.dir`, found.listing);
  await ignore(root, path);
  const { md5, sha256, size, folder, nfiles } = found;
  const text = writeDvcPointer([{ path: basename(path), md5, sha256, size, folder, nfiles }]);
  const pointer = `${path}.dvc`;
  const before = await readText(join(root, pointer));
  if (before !== text) await writeBeside(join(root, pointer), text);
  return { path, pointer, found, changed: before !== text };
}

/** One line of the .gitignore beside it, as DVC writes it: a name, in which nothing is a pattern. */
async function ignore(root: string, path: string): Promise<void> {
  const file = join(root, dirname(path), ".gitignore");
  const line = `/${basename(path).replaceAll(/[*?[\]]| (?= *$)/g, "\\$&")}`;
  const text = (await readText(file)) ?? "";
  if (text.split(/\r?\n/).includes(line)) return;
  await writeBeside(file, `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${line}\n`);
}

async function readText(file: string): Promise<string | undefined> {
  return await readFile(file, "utf8").catch(() => undefined);
}
