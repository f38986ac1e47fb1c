import { execFile } from "node:child_process";
import { cp, mkdir, rm } from "node:fs/promises";

import { promisify } from "node:util";

const run = promisify(execFile);

/** Somebody's clone: real git, over HTTP, in a folder. */
export type Clone = {
  folder: string;
  git(...args: readonly string[]): Promise<string>;
  /** copies a folder over the working tree */
  overlay(folder: string): Promise<void>;
  /** commits everything and pushes the branch */
  push(branch: string, message: string): Promise<string>;
};

/** Makes a repository with the files of a folder, or clones one, in a person's name. */
export async function openClone(options: {
  folder: string;
  url: string;
  name: string;
  email: string;
  date: () => Date;
}): Promise<Clone> {
  await mkdir(options.folder, { recursive: true });
  const git = async (...args: readonly string[]): Promise<string> => {
    const date = options.date().toISOString();
    const { stdout } = await run("git", [...args], {
      cwd: options.folder,
      maxBuffer: 64 * 1024 * 1024,
      env: {
        PATH: process.env["PATH"],
        HOME: options.folder,
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_TERMINAL_PROMPT: "0",
        GIT_AUTHOR_NAME: options.name,
        GIT_AUTHOR_EMAIL: options.email,
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_NAME: options.name,
        GIT_COMMITTER_EMAIL: options.email,
        GIT_COMMITTER_DATE: date,
      },
    });
    return stdout.trim();
  };
  await git("init", "--quiet", "--initial-branch=main");
  await git("remote", "add", "origin", options.url);
  return {
    folder: options.folder,
    git,
    async overlay(folder) {
      await cp(folder, options.folder, { recursive: true, force: true });
    },
    async push(branch, message) {
      await git("add", "--all");
      await git("commit", "--quiet", "--message", message);
      await git("push", "--quiet", "--force", "origin", `HEAD:refs/heads/${branch}`);
      return await git("rev-parse", "HEAD");
    },
  };
}

/** Starts a branch from what the default branch is now. */
export async function startBranch(clone: Clone, branch: string): Promise<void> {
  await clone.git("fetch", "--quiet", "origin", "main");
  await clone.git("checkout", "--quiet", "-B", branch, "origin/main");
  await clone.git("clean", "--quiet", "-ffd");
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
