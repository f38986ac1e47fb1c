import { randomUUID } from "node:crypto";
import { constants, createReadStream, existsSync } from "node:fs";
import { chmod, copyFile, mkdir, opendir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { StoreError, type ObjectStore } from "#core/object-store.ts";

const leftoverMs = 24 * 3_600_000;

/** A folder, on this disk or mounted, as a store. An object shows under its key only when it is whole. */
export function folderStore(folder: string): ObjectStore {
  const name = `the folder "${folder}"`;
  const wrap = (what: string, error: unknown): StoreError => explain(name, what, error);
  const swept = new Set<string>();
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
      } catch (error) {
        await rm(aside, { force: true }).catch(() => undefined);
        throw wrap(`write "${key}" to`, error);
      }
      if (swept.has(dirname(to))) return;
      swept.add(dirname(to));
      // whoever may not tidy up here has sent the object all the same
      await removeLeftovers(dirname(to)).catch(() => undefined);
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

/** What pushes that were killed have left: one that goes on writes more than once a day. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!/\.[0-9a-f-]{36}\.part$/.test(name)) continue;
    // oxlint-disable-next-line no-await-in-loop -- few, where there are any
    const { mtimeMs } = await stat(join(folder, name));
    // oxlint-disable-next-line no-await-in-loop -- see above
    if (Date.now() - mtimeMs > leftoverMs) await rm(join(folder, name), { force: true });
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
