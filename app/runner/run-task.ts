import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ArtifactRecord } from "#core/evidence.ts";
import type { Failure, Task } from "#core/plan/plan-record.ts";
import { fetchModel } from "./fetch-model.ts";
import { MaterialiseError } from "./materialise.ts";
import { type Answer, sit } from "./sit.ts";
import type { TaskRequest, TrainedModel } from "./task-request.ts";
import { train } from "./train.ts";
import { StepFailure } from "./workplace.ts";

export type TaskOutcome = {
  /** what this task trained; undefined where it only predicts, or the training failed */
  trained: TrainedModel | undefined;
  /** the model that predicted, trained or fetched; undefined for a baseline */
  artifact: ArtifactRecord | undefined;
  predictions: readonly Answer[];
  failures: readonly Failure[];
  /** what a person may want to know although nothing failed */
  notes: readonly string[];
};

/**
 * Does one task of a plan on this machine: trains the model or fetches its bytes, then answers every evaluation it has to
 * sit, each in a fresh folder of declared inputs. A failed evaluation costs neither the training nor the other ones.
 * What the team's code does wrong is in `failures`; only our own part (disk full, an upload that fails) throws.
 */
export async function runTask(request: TaskRequest): Promise<TaskOutcome> {
  const { task } = request;
  const failures: Failure[] = [];
  let trained: TrainedModel | undefined;
  let artifact: ArtifactRecord | undefined;
  const predictions: Answer[] = [];
  try {
    mkdirSync(request.folder, { recursive: true });
    if (task.train !== null) {
      trained = request.trained ?? (await train(request, task.train));
      artifact = trained.artifact;
      if (request.trained === undefined) await request.onModel?.(trained);
    } else if (task.bytes !== null) {
      artifact = await fetchModel(request, join(request.folder, "model"));
    }
    for (const [index, sitting] of task.sittings.entries()) {
      const model =
        artifact === undefined ? undefined : { artifact, folder: trained?.folder ?? join(request.folder, "model") };
      await sit(request, sitting, index, model).then(
        (answer) => predictions.push(answer),
        (error: unknown) => failures.push(failureOf(task, error)),
      );
    }
  } catch (error) {
    failures.push(failureOf(task, error));
  }
  return { trained, artifact, predictions, failures, notes: trained?.notes ?? [] };
}

function failureOf(task: Task, error: unknown): Failure {
  if (error instanceof StepFailure) {
    return {
      model: task.model,
      task: task.key,
      phase: error.phase,
      message: error.message.slice(0, 4_000),
      log: error.log,
    };
  }
  if (error instanceof MaterialiseError) {
    return { model: task.model, task: task.key, phase: "materialise", message: error.message.slice(0, 4_000), log: "" };
  }
  throw error;
}
