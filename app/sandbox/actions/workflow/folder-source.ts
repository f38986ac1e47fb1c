import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Source } from "./source.ts";

/** A folder of this machine that stands for a repository; actions run from it in place. */
export function createFolderSource(repository: string, folder: string, ref = "HEAD"): Source {
  return {
    repository,
    ref,
    sha: "0".repeat(40),
    async read(path) {
      try {
        return await readFile(join(folder, path), "utf8");
      } catch {
        return undefined;
      }
    },
    async list(path) {
      try {
        const entries = await readdir(join(folder, path), { withFileTypes: true });
        return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
      } catch {
        return [];
      }
    },
    folder: () => Promise.resolve(folder),
  };
}
