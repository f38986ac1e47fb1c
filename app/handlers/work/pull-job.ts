import type { Ports } from "#core/ports.ts";
import { reconcilePull, type PullAnswer, type ReconcileOptions } from "#flow/pull/reconcile-pull.ts";
import { sayPullUnjudged } from "#flow/pull/say-unjudged.ts";
import type { SweepProblem } from "#flow/pull/sweep-pulls.ts";
import { isWriter } from "#handlers/app-ports.ts";
import type { Job, Queue } from "./queue.ts";

/** One pull request of one repository, and the ports to look at it, made anew for each attempt. */
export type PullPlace = { repository: string; pull: number; open: () => Ports };

/** Work that brings a pull request to where it should be; given up, its check says why. */
export function pullJob(
  { repository, pull, open }: PullPlace,
  options: Partial<ReconcileOptions>,
  tell: (answer: PullAnswer) => void = () => undefined,
): Job {
  return {
    repository,
    key: `pull ${pull}`,
    async work() {
      const ports = open();
      if (!(await isWriter(ports))) return;
      tell(await reconcilePull(ports, pull, { runStarts: false, finishedRun: undefined, dispatch: true, ...options }));
    },
    async giveUp(error) {
      const ports = open();
      if (await isWriter(ports))
        await sayPullUnjudged(ports, pull, error instanceof Error ? error.message : String(error));
    },
  };
}

/** Looks again, one by one, at pull requests that a sweep could not look at. */
export function tryAgain(
  queue: Queue,
  { repository, open }: Omit<PullPlace, "pull">,
  problems: readonly SweepProblem[],
): void {
  for (const { pull } of problems) queue.add({ ...pullJob({ repository, pull, open }, {}), yields: true });
}
