import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { openClone } from "#cli/demo/clone.ts";
import { ExitError } from "#cli/exit-error.ts";
import type { Sandbox } from "./start-sandbox.ts";

const leftOut = new Set([".git", "node_modules"]);

/** Throws a sentence where a folder has nothing in it to make a repository from. */
export async function refuseEmpty(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.every((name) => leftOut.has(name))) throw nothingIn(folder, "it is empty");
}

/** Makes the repository `login/<folder>` with the folder's files as its first commit, unless it is there already. */
export async function fillRepository(
  box: Sandbox,
  folder: string,
  { login, token }: { login: string; token: string },
): Promise<void> {
  const name = basename(resolve(folder)).replaceAll(/[^A-Za-z0-9._-]/g, "-");
  if (box.forge.repo(login, name) !== undefined) return;
  const work = await mkdtemp(join(tmpdir(), "trainyard-fill-"));
  try {
    const clone = await openClone({
      folder: work,
      url: `${box.url.replace("//", `//${login}:${token}@`)}/${login}/${name}.git`,
      name: "You",
      email: "you@example.com",
      date: () => box.forge.now(),
    });
    await cp(folder, work, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !leftOut.has(basename(path)),
    });
    await clone.git("add", "--all");
    if ((await clone.git("status", "--porcelain")) === "") throw nothingIn(folder, "git would keep no file of it");
    await box.createRepository(login, name);
    await clone.push("main", `Start from ${name}`);
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

function nothingIn(folder: string, because: string): ExitError {
  return new ExitError(
    2,
    `Cannot make a repository from "${folder}": ${because}. Put ".github/trainyard.yml" there, what it names, and docs/workflow.yml as ".github/workflows/trainyard.yml"`,
  );
}
