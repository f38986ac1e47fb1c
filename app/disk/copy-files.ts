import { constants, copyFile, lstat, mkdir, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ServiceError } from "#core/ports.ts";

/** Relative paths of all files below a folder, sorted. Links and devices are refused: their content is not theirs. */
export async function listFiles(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  async function walk(prefix: string): Promise<void> {
    const entries = await readdir(join(folder, prefix), { withFileTypes: true });
    for (const entry of entries) {
      const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile()) files.push(path);
      else
        throw new ServiceError(
          "refused",
          `Cannot take "${path}" in "${folder}": it is neither a file nor a folder; put the file itself there`,
        );
    }
  }
  await walk("");
  return files.sort();
}

/** Copies a file, under its own name, or all files of a folder into another folder. Answers their relative paths. */
export async function copyFiles(source: string, target: string): Promise<readonly string[]> {
  const kind = await lstat(source);
  if (kind.isFile()) {
    await copyInto(source, join(target, basename(source)));
    return [basename(source)];
  }
  if (!kind.isDirectory())
    throw new ServiceError("refused", `Cannot copy "${source}": it is neither a file nor a folder`);
  const files = await listFiles(source);
  for (const path of files) await copyInto(join(source, path), join(target, path));
  return files;
}

async function copyInto(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to, constants.COPYFILE_FICLONE);
}
