import { setTimeout as wait } from "node:timers/promises";
import { ServiceError } from "#core/ports.ts";
import type { Git } from "./open-git.ts";
import { gitComplaint } from "./run-git.ts";

/** Where a ref points, without peeling; undefined if it does not exist. */
export async function readRef(git: Git, ref: string): Promise<string | undefined> {
  // through the process that reads objects anyway: flows ask for the same refs many times
  return (await git.object(ref))?.id;
}

/**
 * Moves a ref if it still points to `from` (undefined: if it does not exist), in one step. Answers whether it did.
 * Throws `refused` where git will not have such a ref at all.
 */
export async function moveRef(git: Git, ref: string, to: string, from: string | undefined): Promise<boolean> {
  const old = from ?? "0".repeat(to.length);
  for (let attempt = 1; ; attempt += 1) {
    const answer = await git.run(["update-ref", "--stdin", "-z"], {
      input: `update ${ref}\0${to}\0${old}\0`,
      accept: [1, 128],
    });
    if (answer.code === 0) return true;
    if ((await readRef(git, ref)) !== from) return false;
    // another process holds the lock file for a moment
    if (attempt === 20 || !/Unable to create .*\.lock|cannot lock ref/.test(answer.stderr)) {
      throw new ServiceError("refused", `Cannot move "${ref}" to "${to}" in "${git.folder}": ${gitComplaint(answer)}`);
    }
    await wait(5 + Math.random() * 20 * attempt);
  }
}
