import { parseCommitSha } from "#core/names.ts";
import { ServiceError, type Branches } from "#core/ports.ts";
import { buildCommit } from "./build-commit.ts";
import { moveRef, readRef } from "./move-ref.ts";
import type { Git } from "./open-git.ts";
import { trainyardItself, type Person } from "./person.ts";

/** The Branches port on a repository of this disk. */
export function gitBranches(git: Git, options: { author?: Person; now?: () => Date } = {}): Branches {
  const now = options.now ?? (() => new Date());
  return {
    async head(branch) {
      const head = await readRef(git, `refs/heads/${branch}`);
      return head === undefined ? undefined : parseCommitSha(head);
    },
    async commit({ branch, parent, files, message, expected }) {
      const ref = `refs/heads/${branch}`;
      const from = await readRef(git, ref);
      const { commit } = await buildCommit(git, {
        parent,
        files,
        message,
        author: options.author ?? trainyardItself,
        at: now(),
      });
      if ((expected === undefined || from === expected) && (await moveRef(git, ref, commit, from))) return commit;
      throw new ServiceError(
        "conflict",
        `Cannot move the branch "${branch}" in "${git.folder}": it was moved meanwhile; read it again`,
      );
    },
  };
}
