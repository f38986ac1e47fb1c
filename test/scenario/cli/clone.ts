import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Files } from "#test/flow/story/repository-files.ts";

const run = promisify(execFile);

export type TestClone = {
  folder: string;
  /** where programs that run here put temporary files */
  temporary: string;
  git(...args: readonly string[]): Promise<string>;
  write(files: Files): Promise<void>;
  commit(files: Files, message: string): Promise<string>;
  /** a digest of everything that belongs to the people here: files, index, refs, objects, settings */
  digest(): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** A clone of a repository whose `origin/main` holds these files, on a branch of its own. */
export async function openTestClone(files: Files): Promise<TestClone> {
  const place = await mkdtemp(join(tmpdir(), "trainyard-clone-"));
  const [folder, temporary] = [join(place, "clone"), join(place, "tmp")];
  await Promise.all([mkdir(folder), mkdir(temporary)]);
  const git = async (...args: readonly string[]): Promise<string> => {
    const env = { PATH: process.env["PATH"], HOME: folder, GIT_CONFIG_NOSYSTEM: "1" };
    return (await run("git", [...args], { cwd: folder, env })).stdout.trim();
  };
  const clone: TestClone = {
    folder,
    temporary,
    git,
    async write(changed) {
      for (const [path, text] of Object.entries(changed)) {
        const file = join(folder, path);
        // oxlint-disable-next-line no-await-in-loop -- a few small files
        await (text === null
          ? rm(file)
          : mkdir(dirname(file), { recursive: true }).then(async () => await writeFile(file, text)));
      }
    },
    async commit(changed, message) {
      await clone.write(changed);
      await git("add", "--all");
      await git("commit", "--quiet", "--allow-empty", "--message", message);
      return await git("rev-parse", "HEAD");
    },
    async digest() {
      const hash = createHash("sha256");
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      for (const path of paths.filter((one) => !one.startsWith(join(folder, ".git", "trainyard"))).sort()) {
        // oxlint-disable-next-line no-await-in-loop -- in order
        hash.update(path).update(await readFile(path));
      }
      return hash.digest("hex");
    },
    async [Symbol.asyncDispose]() {
      await rm(place, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  await git("init", "--quiet", "--initial-branch=main");
  await git("config", "user.name", "Ada");
  await git("config", "user.email", "ada@example.com");
  await clone.commit(files, "Start");
  await git("update-ref", "refs/remotes/origin/main", "HEAD");
  await git("checkout", "--quiet", "-b", "work");
  return clone;
}
