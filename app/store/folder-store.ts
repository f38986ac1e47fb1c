import { randomUUID } from "node:crypto";
import { constants, createReadStream, existsSync } from "node:fs";
import { chmod, copyFile, mkdir, opendir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { StoreError, type ObjectStore } from "#core/object-store.ts";

/** A folder, on this disk or mounted, as a store. An object shows under its key only when it is whole. */
export function folderStore(folder: string): ObjectStore {
  const name = `the folder "${folder}"`;
  const wrap = (what: string, error: unknown): StoreError => explain(name, what, error);
  return {
    name,
    async has(key) {
      try {
        const found = await stat(join(folder, key));
        return found.isFile() ? found.size : undefined;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw wrap(`look for "${key}" in`, error);
      }
    },
    async get(key, from) {
      try {
        const { size } = await stat(join(folder, key));
        return { from, size, stream: readFrom(join(folder, key), Math.min(from, size), wrap) };
      } catch (error) {
        if (!isMissing(error)) throw wrap(`read "${key}" of`, error);
        if (existsSync(folder)) return undefined;
        throw new StoreError(
          "refused",
          "this folder does not exist; correct its name where the store is named, mount it, or push the data to it from where it was added",
        );
      }
    },
    async put(key, file) {
      const to = join(folder, key);
      const aside = `${to}.${randomUUID()}.part`;
      try {
        await mkdir(dirname(to), { recursive: true });
        await copyFile(file, aside, constants.COPYFILE_FICLONE);
        await chmod(aside, 0o444);
        await rename(aside, to);
        await sweep(to);
      } catch (error) {
        await rm(aside, { force: true }).catch(() => undefined);
        throw wrap(`write "${key}" to`, error);
      }
    },
    async *list(prefix) {
      const at = join(folder, prefix);
      try {
        for await (const entry of await opendir(at, { recursive: true })) {
          if (entry.isFile() && !entry.name.endsWith(".part"))
            yield relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/");
        }
      } catch (error) {
        if (!isMissing(error)) throw wrap("list", error);
      }
    },
  };
}

const day = 24 * 60 * 60 * 1_000;

/** Removes what a process that was killed has left of the same object; what is younger than a day may be at work. */
async function sweep(to: string): Promise<void> {
  const own = `${basename(to)}.`;
  for (const name of await readdir(dirname(to))) {
    if (!name.startsWith(own) || !name.endsWith(".part")) continue;
    const part = join(dirname(to), name);
    const { mtimeMs } = await stat(part).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (mtimeMs < Date.now() - day) await rm(part, { force: true });
  }
}

/** Opens the file when somebody begins to read. */
async function* readFrom(
  file: string,
  start: number,
  wrap: (what: string, error: unknown) => StoreError,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(file, { start })) if (chunk instanceof Uint8Array) yield chunk;
  } catch (error) {
    throw wrap("read from", error);
  }
}

function explain(name: string, what: string, error: unknown): StoreError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const because = error instanceof Error ? error.message : String(error);
  if (code === "EACCES" || code === "EPERM" || code === "EROFS")
    return new StoreError("forbidden", `Cannot ${what} ${name}: ${because}; give yourself the right to`);
  if (code === "ENOSPC" || code === "EDQUOT")
    return new StoreError("full", `Cannot ${what} ${name}: its disk is full; make room there`);
  return new StoreError("broken", `Cannot ${what} ${name}: ${because}`, { cause: error });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
