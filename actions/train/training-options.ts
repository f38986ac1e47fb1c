import type { PlanRecord, Task } from "#core/plan/plan-record.ts";
import type { TrainedModel } from "#runner/task-request.ts";
import { createSetupCache } from "#actions/cache/setup-cache.ts";
import type { Job } from "#actions/job.ts";
import type { TaskOptions } from "#actions/perform-task.ts";
import { say } from "#actions/say.ts";
import { createCheckpoints } from "./checkpoint/create-checkpoints.ts";
import { findTrained } from "./find-trained.ts";
import { leaveModel } from "./leave-model.ts";

/**
 * What keeps a training from being lost: its model is carried away at once, and found again by the next attempt of this
 * run; where the plan asks for checkpoints, they are too. Folders that its
 * set-up fills are kept where the plan says so. A task that asks for none of this costs no request.
 */
export async function trainingOptions(
  job: Job,
  plan: PlanRecord,
  task: Task,
): Promise<Pick<TaskOptions, "onModel" | "earlier" | "checkpoints" | "setupCache">> {
  const { setup, container, cache } = task;
  const kept =
    cache === undefined || setup === null
      ? {}
      : { setupCache: createSetupCache(job, { run: setup, container, cache, inputs: task.predict.inputs }) };
  if (task.train === null) return kept;
  const earlier = job.attempt === 1 ? undefined : await findTrained(job, task);
  if (earlier !== undefined) {
    say(`Trained by an earlier attempt of this run: sha256:${earlier.model.artifact.sha256}`);
    return { ...kept, earlier };
  }
  const checkpoints = task.train.checkpoint === undefined ? undefined : createCheckpoints(job, plan, task);
  return {
    ...kept,
    ...(checkpoints === undefined ? {} : { checkpoints }),
    async onModel(_: Task, model: TrainedModel): Promise<void> {
      await leaveModel(task, model);
      await checkpoints?.discard();
    },
  };
}
