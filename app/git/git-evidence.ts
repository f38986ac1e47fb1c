import { setTimeout as wait } from "node:timers/promises";
import { parseCommitSha } from "#core/names.ts";
import { refuseForeign } from "#core/refuse-foreign.ts";
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
  const fetched = `refs/remotes/origin/${branch}`;
  let reading: string | undefined;
  const now = options.now ?? (() => new Date());
  let queue: Promise<unknown> = Promise.resolve();

  /** The ref to read: our own branch, unless what was fetched has it and more. */
  async function newestRef(): Promise<string> {
    const [mine, theirs] = [await readRef(git, local), await readRef(git, fetched)];
    if (mine === undefined) return theirs === undefined ? local : fetched;
    const behind = theirs !== undefined && (await git.ask(["merge-base", "--is-ancestor", mine, theirs])) !== undefined;
    return behind ? fetched : local;
  }

  async function writeNow(files: ReadonlyMap<string, string>, message: string): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const from = await readRef(git, local);
      const tip = await readRef(git, await newestRef());
      const parent = tip === undefined ? undefined : parseCommitSha(tip);
      const author = options.author ?? trainyardItself;
      const { commit, changed } = await buildCommit(git, { parent, files, message, author, at: now() });
      if (!changed) return;
      reading = undefined;
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
      reading = await newestRef();
      const tip = await readRef(git, reading);
      const paths = tip === undefined ? [] : [...(await listTree(git, tip)).keys()];
      refuseForeign(branch, paths);
      return paths;
    },
    async read(path) {
      reading ??= await newestRef();
      const object = await git.object(`${reading}:${path}`);
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
