import { setTimeout as wait } from "node:timers/promises";
import { ServiceError } from "#core/ports.ts";
import type { Git } from "./open-git.ts";
import { firstComplaint } from "./process/run-git.ts";

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
    const complaint = await git.updateRef(ref, to, old);
    if (complaint === undefined) return true;
    if ((await readRef(git, ref)) !== from) return false;
    // another process holds the lock file for a moment
    if (attempt === 20 || !/Unable to create .*\.lock|cannot lock ref|^git ended/.test(complaint)) {
      throw new ServiceError(
        "refused",
        `Cannot move "${ref}" to "${to}" in "${git.folder}": ${firstComplaint(complaint) ?? complaint}`,
      );
    }
    await wait(5 + Math.random() * 20 * attempt);
  }
}
