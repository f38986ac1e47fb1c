import type { Repo } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { advanceQueue } from "./advance-queue.ts";
import { entriesOf } from "./queue-entry.ts";

/** Looks at the queues of a repository: whoever has passed is merged, whoever failed or is too late goes. */
export async function advanceQueues(forge: ForgeInside, repo: Repo): Promise<void> {
  if (entriesOf(repo).length === 0) return;
  await repo.git.exclusively(async () => {
    const branches = new Set(entriesOf(repo).map(({ base }) => base));
    // oxlint-disable-next-line no-await-in-loop -- one writer of refs at a time
    for (const branch of branches) await advanceQueue(forge, repo, branch);
  });
}

/** Lets merge queues follow what checks, pushes and people do. */
export function mergeQueues(forge: ForgeInside): void {
  for (const event of ["check_run", "status", "pull_request", "push"]) {
    forge.on(event, ({ repo }) => advanceQueues(forge, repo));
  }
}
