import type { PlanRecord, Task } from "#core/plan/plan-record.ts";
import type { Checkpoints } from "#runner/checkpoint/checkpoints.ts";
import type { Job } from "#actions/job.ts";
import { say } from "#actions/say.ts";
import { checkpointPrefix } from "./checkpoint-record.ts";
import { findEarlierRuns } from "./find-earlier-runs.ts";
import { keepCheckpoint } from "./keep-checkpoint.ts";
import { removeCheckpoint } from "./remove-checkpoint.ts";
import { takeCheckpoint } from "./take-checkpoint.ts";

/** Checkpoints of one task of this run. `discard` when its model is safe: nobody goes on from them any more. */
export type JobCheckpoints = Checkpoints & { discard(): Promise<void> };

/** A damaged one falls back to the one before it, and that to none: so many are tried in all. */
const mostTries = 3;
/** the newest, and the one before it */
const mostKept = 2;

/**
 * Carries checkpoints to artifacts of this run while a task trains. Only the runtime's token is used for that, never
 * GITHUB_TOKEN, which dies before a long training ends; what is gone on from is looked for at the start, with it.
 */
export function createCheckpoints(job: Job, plan: PlanRecord, task: Task): JobCheckpoints {
  const prefix = checkpointPrefix(task);
  const kept: string[] = [];
  let counter = 0;
  const remove = async (name: string): Promise<void> => {
    try {
      await removeCheckpoint(name);
    } catch (error) {
      say(`The checkpoint "${name}" could not be removed: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return {
    async restore(folder) {
      let tries = 0;
      for (const run of [...(job.attempt === 1 ? [] : [job.run]), ...(await earlierRuns(job, plan, task))]) {
        // oxlint-disable-next-line no-await-in-loop -- the first that has a whole one ends it
        const names = (await job.runs.artifacts(run)).filter((name) => name.startsWith(prefix));
        for (const name of names) {
          if (tries++ === mostTries) return undefined;
          // oxlint-disable-next-line no-await-in-loop -- see above
          const resumed = await takeCheckpoint(job, task, { run, name }, folder);
          if (resumed !== undefined) return resumed;
        }
      }
      if (tries > 0) say("No whole checkpoint was found: the training starts from nothing");
      return undefined;
    },
    async keep(snapshot) {
      counter += 1;
      const name = `${prefix}${job.attempt}-${counter}`;
      await keepCheckpoint(job, task, { name, counter }, snapshot);
      kept.push(name);
      while (kept.length > mostKept) {
        // oxlint-disable-next-line no-await-in-loop -- one at a time
        await remove(kept.shift() ?? "");
      }
    },
    async discard() {
      for (const name of kept.splice(0)) {
        // oxlint-disable-next-line no-await-in-loop -- one or two
        await remove(name);
      }
    },
  };
}

async function earlierRuns(job: Job, plan: PlanRecord, task: Task): Promise<readonly number[]> {
  if (task.train?.checkpoint?.afresh === true) return [];
  try {
    return await findEarlierRuns(job, plan, task);
  } catch (error) {
    say(`Earlier runs could not be read: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}
