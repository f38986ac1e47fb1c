import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { describeModel } from "#runner/model-files.ts";

/** The digest by which what the job `prepare` left is known again: over the path, size and SHA-256 of every file. */
export function digestRows(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"));
  return describeModel(folder, files, "folder").sha256;
}
