import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GitError } from "./run-git.ts";

const objectId = /^[0-9a-f]{40}$/;

/** Every ref of a bare repository as it lies on disk (git's "files" format): loose ones win over packed ones. */
export function readRefFiles(gitFolder: string): Map<string, string> {
  const refs = new Map<string, string>();
  const packed = join(gitFolder, "packed-refs");
  if (existsSync(packed)) {
    for (const line of readFileSync(packed, "utf8").split("\n")) {
      const [sha = "", name = ""] = line.split(" ");
      if (objectId.test(sha) && name.startsWith("refs/")) refs.set(name, sha);
    }
  }
  walk(gitFolder, "refs", refs);
  return new Map([...refs].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function walk(gitFolder: string, folder: string, refs: Map<string, string>): void {
  for (const entry of readdirSync(join(gitFolder, folder), { withFileTypes: true })) {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) walk(gitFolder, name, refs);
    else if (!name.endsWith(".lock")) {
      const sha = readLoose(gitFolder, name);
      if (sha !== undefined) refs.set(name, sha);
    }
  }
}

function readLoose(gitFolder: string, name: string): string | undefined {
  try {
    const text = readFileSync(join(gitFolder, name), "utf8").trim();
    return objectId.test(text) ? text : undefined;
  } catch {
    // gone between listing and reading, or a folder now
    return undefined;
  }
}

/**
 * Moves one ref by git's own protocol (a lock file, then a rename), with no process. Answers false where it cannot tell
 * all that git would check: packed refs, folders in the way. Throws GitError when the ref is not where it was said to be.
 */
export async function writeRefFile(
  gitFolder: string,
  name: string,
  before: string | null,
  after: string,
): Promise<boolean> {
  if (existsSync(join(gitFolder, "packed-refs"))) return false;
  const path = join(gitFolder, name);
  const lock = `${path}.lock`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(lock, "wx");
    try {
      const now = readLoose(gitFolder, name) ?? null;
      if (now !== before) {
        throw new GitError(128, `"${name}" is at ${now ?? "nothing"}, not at ${before ?? "nothing"}`);
      }
      await file.writeFile(`${after}\n`);
      await file.close();
      await rename(lock, path);
      return true;
    } catch (cause) {
      await file.close().catch(() => {});
      await rm(lock, { force: true });
      throw cause;
    }
  } catch (cause) {
    if (cause instanceof GitError) throw cause;
    return false;
  }
}
