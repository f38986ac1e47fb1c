import { execFile } from "node:child_process";
import { mkdir, rename, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import type { Source } from "./source.ts";

const run = promisify(execFile);

export type GitPlace = { repository: string; ref: string; sha: string; gitFolder: string };

/** A commit of a bare repository. `extractTo`: where its files are written when an action is run from them. */
export function createGitSource(place: GitPlace, extractTo: string): Source {
  const git = async (...args: string[]): Promise<string | undefined> => {
    try {
      const { stdout } = await run("git", ["--git-dir", place.gitFolder, ...args], {
        maxBuffer: 1 << 28,
      });
      return stdout;
    } catch {
      return undefined;
    }
  };
  let extracting: Promise<string> | undefined;
  return {
    repository: place.repository,
    ref: place.ref,
    sha: place.sha,
    read: (path) => git("cat-file", "blob", `${place.sha}:${path}`),
    async list(folder) {
      const listing = await git("ls-tree", "-z", `${place.sha}:${folder}`);
      return (listing ?? "")
        .split("\0")
        .filter((entry) => entry.split(" ")[1] === "blob")
        .map((entry) => entry.slice(entry.indexOf("\t") + 1));
    },
    folder: () => (extracting ??= extract(place, extractTo)),
  };
}

async function extract(place: GitPlace, folder: string): Promise<string> {
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}.${Date.now()}`;
  await mkdir(unfinished, { recursive: true });
  await mkdir(dirname(folder), { recursive: true });
  await run("git", ["--git-dir", place.gitFolder, "--work-tree", unfinished, "checkout", place.sha, "--", "."], {
    env: { ...process.env, GIT_INDEX_FILE: `${unfinished}.index` },
  });
  await rm(`${unfinished}.index`, { force: true });
  try {
    await rename(unfinished, folder);
  } catch (error) {
    // Another job was faster.
    if (!existsSync(folder)) throw error;
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}
