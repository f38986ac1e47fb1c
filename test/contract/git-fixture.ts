import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseCommitSha } from "#core/names.ts";
import { openGit, type Git } from "#git/open-git.ts";
import { git, scratchFolder } from "./git-folders.ts";
import type { Fixture, OpenFixture } from "./port-fixture.ts";

/** Commits the two commits that every fixture has to `main` of a new repository in this folder. */
export async function commitFixture(
  folder: string,
): Promise<{ first: ReturnType<typeof parseCommitSha>; second: ReturnType<typeof parseCommitSha> }> {
  await mkdir(join(folder, "data"), { recursive: true });
  await git(folder, "init", "--quiet");
  await writeFile(join(folder, "README.md"), "hello\n");
  await git(folder, "add", "--all");
  await git(folder, "commit", "--quiet", "--message", "Start");
  const first = parseCommitSha(await git(folder, "rev-parse", "HEAD"));
  await writeFile(join(folder, "data", "week 1.csv"), Buffer.from("a,b\r\n1,\xff\n", "latin1"));
  await writeFile(join(folder, "train.sh"), "echo\n");
  await chmod(join(folder, "train.sh"), 0o755);
  await git(folder, "add", "--all");
  await git(folder, "commit", "--quiet", "--message", "Add data\n\nof week 1");
  return { first, second: parseCommitSha(await git(folder, "rev-parse", "HEAD")) };
}

/** A bare repository (or a clone of it) with the fixture's commits, and the port made on a fresh handle each time. */
export function gitFixture<Port>(kind: "bare" | "clone", make: (git: Git) => Port): OpenFixture<Port> {
  return async (): Promise<Fixture<Port>> => {
    const scratch = await scratchFolder();
    const work = join(scratch.folder, "work");
    await mkdir(work);
    const commits = await commitFixture(work);
    await git(scratch.folder, "clone", "--quiet", "--bare", work, "bare.git");
    if (kind === "clone") await git(scratch.folder, "clone", "--quiet", "bare.git", "clone");
    const folder = join(scratch.folder, kind === "bare" ? "bare.git" : "clone");
    const opened: Git[] = [];
    const spare = await Promise.all(Array.from({ length: 12 }, async () => openGit(folder)));
    return {
      ...commits,
      port() {
        const handle = spare.pop();
        if (handle === undefined) throw new Error("the fixture has no handle left");
        opened.push(handle);
        return make(handle);
      },
      async [Symbol.asyncDispose]() {
        for (const handle of opened) handle.close();
        await scratch[Symbol.asyncDispose]();
      },
    };
  };
}
