import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isRepositoryPath } from "#core/identity/repository-path.ts";
import { ServiceError, type EvidenceStore } from "#core/ports.ts";
import { listFiles } from "./copy-files.ts";
import { failedWith, isPart, writeWhole } from "./write-whole.ts";

/** Evidence in a folder, for the command line. Each record is replaced whole; several at once are not one step. */
export function folderEvidence(folder: string): EvidenceStore {
  return {
    async list() {
      try {
        return (await listFiles(folder)).filter((path) => !isPart(path));
      } catch (error) {
        if (failedWith(error, "ENOENT")) return [];
        throw error;
      }
    },
    async read(path) {
      if (!isRepositoryPath(path)) return undefined;
      try {
        return await readFile(join(folder, path), "utf8");
      } catch (error) {
        if (failedWith(error, "ENOENT", "EISDIR", "ENOTDIR")) return undefined;
        throw error;
      }
    },
    async write(files) {
      const odd = [...files.keys()].find((path) => !isRepositoryPath(path));
      if (odd !== undefined)
        throw new ServiceError("refused", `Cannot write a record at "${odd}": it is no path inside a folder`);
      for (const [path, text] of files) await writeWhole(join(folder, path), text);
    },
  };
}
