import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runGit } from "#git/run-git.ts";

/** A scratch folder that goes away with the test. */
export async function scratchFolder(): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "trainyard-test-"));
  return { folder, [Symbol.asyncDispose]: async () => rm(folder, { recursive: true, force: true }) };
}

const author = {
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
};

/** Runs git as a person would in a test's repository, and answers what it printed. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const answer = await runGit({ folder, args: ["-c", "init.defaultBranch=main", ...args], env: author });
  return answer.stdout.toString("utf8").trim();
}
