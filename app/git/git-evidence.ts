import { setTimeout as wait } from "node:timers/promises";
import { parseCommitSha, type CommitSha } from "#core/names.ts";
import { ServiceError, type EvidenceStore } from "#core/ports.ts";
import { buildCommit } from "./build-commit.ts";
import { listTree } from "./list-tree.ts";
import { moveRef, readRef } from "./move-ref.ts";
import type { Git } from "./open-git.ts";
import { trainyardItself, type Person } from "./person.ts";

const attempts = 60;

/**
 * The branch `trainyard` of a repository on this disk. In a clone, records fetched from `origin` are read until the
 * local branch goes its own way.
 */
export function gitEvidence(
  git: Git,
  options: { branch?: string; author?: Person; now?: () => Date } = {},
): EvidenceStore {
  const branch = options.branch ?? "trainyard";
  const local = `refs/heads/${branch}`;
  const now = options.now ?? (() => new Date());
  let queue: Promise<unknown> = Promise.resolve();

  async function tip(): Promise<CommitSha | undefined> {
    const mine = await readRef(git, local);
    const fetched = await readRef(git, `refs/remotes/origin/${branch}`);
    const ahead =
      mine !== undefined &&
      fetched !== undefined &&
      (await git.ask(["merge-base", "--is-ancestor", mine, fetched])) !== undefined;
    const newest = ahead ? fetched : (mine ?? fetched);
    return newest === undefined ? undefined : parseCommitSha(newest);
  }

  async function writeNow(files: ReadonlyMap<string, string>, message: string): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const from = await readRef(git, local);
      const parent = await tip();
      const author = options.author ?? trainyardItself;
      const { commit, changed } = await buildCommit(git, { parent, files, message, author, at: now() });
      if (!changed) return;
      if (await moveRef(git, local, commit, from)) return;
      await wait(Math.random() * 10 * attempt);
    }
    throw new ServiceError(
      "conflict",
      `Cannot write to the branch "${branch}" in "${git.folder}": others were faster ${attempts} times`,
    );
  }

  return {
    async list() {
      const at = await tip();
      return at === undefined ? [] : [...(await listTree(git, at)).keys()];
    },
    async read(path) {
      const at = await tip();
      if (at === undefined) return undefined;
      const object = await git.object(`${at}:${path}`);
      return object?.kind === "blob" ? object.bytes.toString("utf8") : undefined;
    },
    write(files, message) {
      if (files.size === 0) return Promise.resolve();
      const written = queue.then(() => writeNow(files, message));
      queue = written.catch(() => undefined);
      return written;
    },
  };
}
