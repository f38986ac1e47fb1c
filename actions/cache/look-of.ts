import { readdirSync, lstatSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { digest } from "#core/canonical.ts";

/** The place on this machine of a path; "~/" is the home of who runs this. */
export function placeOf(path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
}

/** Names and sizes of all that lies in these folders, as a digest: enough to see whether a set-up brought anything. */
export function lookOf(paths: readonly string[]): string {
  const seen = paths.flatMap((path) => {
    try {
      return readdirSync(placeOf(path), { recursive: true, withFileTypes: true }).map((entry) => {
        const file = join(entry.parentPath, entry.name);
        return `${file}\0${entry.isFile() ? (lstatSync(file, { throwIfNoEntry: false })?.size ?? 0) : 0}`;
      });
    } catch {
      return [];
    }
  });
  return digest(seen.toSorted().join("\n"));
}
