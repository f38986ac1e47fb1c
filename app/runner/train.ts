import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Task } from "#core/plan/plan-record.ts";
import type { Resumed } from "./checkpoint/checkpoints.ts";
import { keepCheckpoints } from "./checkpoint/keep-checkpoints.ts";
import { layCheckpoint } from "./checkpoint/lay-checkpoint.ts";
import { containerOf } from "./container/container.ts";
import { fetchByTeam, materialiseFor } from "./fetch-by-team.ts";
import { readLock, sayLock } from "./inputs/dvc-lock.ts";
import { layMounts } from "./inputs/lay-mounts.ts";
import { readMetricsLog } from "./tracking/metrics-log.ts";
import { collectModel } from "./model-files.ts";
import { readParameters } from "./tracking/parameters.ts";
import { findPathProblem } from "./inputs/safe-paths.ts";
import { setUp } from "./set-up.ts";
import { entriesOf, taskLimits, type TaskRequest, type TrainedModel } from "./task-request.ts";
import { StepFailure, Workplace } from "./workplace.ts";

/**
 * Trains in a folder that holds the declared inputs and nothing else: set-up, train, then the model is copied to
 * `out/model` and hashed there. Throws a `StepFailure` or a `MaterialiseError`.
 */
export async function train(request: TaskRequest, what: NonNullable<Task["train"]>): Promise<TrainedModel> {
  const { task } = request;
  const problem = findPathProblem(task.modelPath);
  if (problem !== undefined) throw new StepFailure("materialise", `"train.model" is no path of a model: ${problem}`);
  const place = new Workplace(join(request.folder, "train"), { ...request, container: containerOf(task) });
  try {
    const pointers = await materialiseFor(request, entriesOf(what.inputs), place.folder);
    const lock = readLock(place.folder);
    // before the team's code starts, which could write something else there
    const given = readParameters(
      place.folder,
      task.predict.inputs.map((entry) => entry.path),
    );
    const model = join(place.folder, task.modelPath);
    const before = changedAt(model);
    const setupMs = await setUp(place, request, what.timeoutMs);
    const fetchMs = await fetchByTeam(place, request, pointers, what.timeoutMs);
    const mounted = await layMounts(task, place.folder);
    const { durationMs: trainMs, resumedFrom } = await runTraining(place, request, what, mounted);
    if (before !== undefined && changedAt(model) === before) {
      throw new StepFailure(
        "train",
        `The "train" command ended well but left "${task.modelPath}" as it was among the inputs: write the trained model there, or set "train.model" to the path that it writes`,
      );
    }
    const folder = join(request.out, "model");
    mkdirSync(folder, { recursive: true });
    const collected = collectModel({
      folder: place.folder,
      path: task.modelPath,
      to: folder,
      limits: (request.limits ?? taskLimits).model,
    });
    if (collected.kind === "problem") throw new StepFailure("train", wrongModel(task.modelPath, collected.problem));
    const logged = readMetricsLog(join(place.folder, "metrics.jsonl"));
    return {
      artifact: collected.artifact,
      folder,
      parameters: given.parameters,
      series: logged.series,
      durationMs: setupMs + fetchMs + trainMs,
      ...(resumedFrom === undefined ? {} : { resumedFrom }),
      notes: [...given.notes, ...logged.notes, ...sayLock(lock, place.folder)],
    };
  } finally {
    place.remove();
  }
}

/** Runs the command, from a checkpoint where there is one, and keeps checkpoints while it runs. */
async function runTraining(
  place: Workplace,
  request: TaskRequest,
  { run, timeoutMs, checkpoint }: NonNullable<Task["train"]>,
  mounted: Readonly<Record<string, string>>,
): Promise<{ durationMs: number; resumedFrom?: Resumed | undefined }> {
  const { checkpoints } = request;
  const given = { ...request.secrets, ...mounted };
  if (checkpoint === undefined) return { durationMs: await place.run("train", run, timeoutMs, given) };
  const { folder, resumedFrom } = await layCheckpoint(place, checkpoint.path, checkpoints);
  const env = { ...given, CHECKPOINT: folder };
  if (checkpoints === undefined) return { durationMs: await place.run("train", run, timeoutMs, env) };
  const scratch = place.beside("checkpoints");
  const say = (line: string): void => request.onLine?.(line, "train");
  const keeper = keepCheckpoints({ folder, scratch, everyMs: checkpoint.everyMs, timeoutMs, checkpoints, say });
  try {
    return { durationMs: await place.run("train", run, timeoutMs, env), resumedFrom };
  } catch (error) {
    await keeper.last();
    throw error;
  } finally {
    await keeper.stop();
  }
}

function wrongModel(path: string, problem: string): string {
  const mend =
    problem === "is missing" ? ': write the model there, or set "train.model" to the path that it writes' : "";
  return `The "train" command ended well but its model "${path}" ${problem}${mend}`;
}

/** When a file was written last; undefined if there is none, or it is a folder, into which files may come. */
function changedAt(file: string): number | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true ? found.mtimeMs : undefined;
}
