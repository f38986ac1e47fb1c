import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { GitStore } from "#sandbox/forge/git/git-store.ts";
import { runGit } from "#sandbox/forge/git/run-git.ts";
import type { Source } from "./source.ts";

export type GitPlace = { repository: string; ref: string; sha: string; git: GitStore };

/** A commit of a bare repository. `extractTo`: where its files are written when an action is run from them. */
export function createGitSource(place: GitPlace, extractTo: string): Source {
  const { git, sha } = place;
  let extracting: Promise<string> | undefined;
  return {
    repository: place.repository,
    ref: place.ref,
    sha,
    async read(path) {
      const found = await git.info(`${sha}:${path}`);
      return found === undefined ? undefined : (await git.blob(found.sha))?.toString("utf8");
    },
    async list(folder) {
      const found = await git.info(`${sha}:${folder}`);
      const entries = found === undefined ? undefined : await git.tree(found.sha);
      return (entries ?? []).filter((entry) => entry.kind === "blob").map((entry) => entry.name);
    },
    folder: () => (extracting ??= extract(place, extractTo)),
  };
}

async function extract({ git, sha }: GitPlace, folder: string): Promise<string> {
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}.${Date.now()}`;
  await mkdir(unfinished, { recursive: true });
  await mkdir(dirname(folder), { recursive: true });
  await runGit(git.folder, [`--work-tree=${unfinished}`, "checkout", sha, "--", "."], {
    env: { GIT_INDEX_FILE: `${unfinished}.index` },
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
