import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { Performed } from "#core/machine.ts";
import type { BlobSha } from "#core/names.ts";
import type { Contents } from "#core/pointer/contents.ts";
import type { Bytes } from "#core/ports.ts";
import type { Task } from "#core/plan/plan-record.ts";
import type { Checkpoints } from "#runner/checkpoint/checkpoints.ts";
import { runTask } from "#runner/run-task.ts";
import type { SetupCache } from "#runner/set-up.ts";
import type { TrainedModel } from "#runner/task-request.ts";

/** What was trained before, with its record: it only has to answer. */
export type Earlier = { model: TrainedModel; trained: NonNullable<Performed["trained"]> };

/** What a machine needs to run the team's commands. */
export type TaskOptions = {
  /** a folder of its own on this machine; whoever gave it removes it */
  folder: string;
  readBlob(blob: BlobSha): Promise<Uint8Array>;
  /** what pointers among the files stand for; undefined: they stay what they are */
  contents?: Contents | undefined;
  fetchBytes: Bytes["fetch"];
  /** what the team's commands find in their environment */
  env: Readonly<Record<string, string>>;
  secrets?: Readonly<Record<string, string>>;
  /** the model is safe on this disk: carry it away before anything is predicted */
  onModel?(task: Task, model: TrainedModel): Promise<void>;
  /** what the team's commands print: untrusted */
  onLine?(line: string): void;
  runsOn: string;
  earlier?: Earlier;
  checkpoints?: Checkpoints | undefined;
  setupCache?: SetupCache | undefined;
  /** ends what is running; nothing new is started */
  signal?: AbortSignal;
};

/**
 * Trains or fetches a model and has it answer, in folders of declared inputs. Reads no data of its own, so that the
 * machine that trains needs nothing native.
 */
export async function performTask(
  options: TaskOptions,
  task: Task,
  rows: ReadonlyMap<string, string>,
): Promise<Performed> {
  const out = await freshFolder(options.folder, "out");
  const outcome = await runTask({
    task,
    readBlobs: (blobs) => readBlobs(options, blobs),
    contents: options.contents,
    rows,
    folder: await freshFolder(options.folder, "work"),
    out,
    env: options.env,
    secrets: options.secrets ?? {},
    fetchBytes: async (locator, folder) => await options.fetchBytes(locator, folder),
    onModel: async (model) => await options.onModel?.(task, model),
    trained: options.earlier?.model,
    checkpoints: options.checkpoints,
    setupCache: options.setupCache,
    onLine: (line) => options.onLine?.(line),
    signal: options.signal,
  });
  const { trained } = outcome;
  return {
    artifact: outcome.artifact,
    modelFolder: trained?.folder,
    trained: options.earlier?.trained ?? (trained && describeTrained(trained, options.runsOn)),
    predictions: outcome.predictions,
    failures: outcome.failures,
    notes: outcome.notes,
  };
}

/** How a model was trained, as records say it. */
export function describeTrained(trained: TrainedModel, runsOn: string): NonNullable<Performed["trained"]> {
  return {
    parameters: { ...trained.parameters },
    series: copySeries(trained.series),
    durationMs: trained.durationMs,
    ...(trained.resumedFrom === undefined ? {} : { resumedFrom: trained.resumedFrom }),
    runsOn,
    at: new Date().toISOString(),
  };
}

/** The answer of a task that our own part could not do: a secret is missing, a service does not answer. */
export function notPerformed(task: Task, error: unknown): Performed {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, 4_000);
  const failure = { model: task.model, task: task.key, phase: "materialise" as const, message, log: "" };
  return {
    artifact: undefined,
    modelFolder: undefined,
    trained: undefined,
    predictions: [],
    failures: [failure],
    notes: [],
  };
}

/** Hands out blobs one by one. */
export async function* readBlobs(
  { readBlob }: Pick<TaskOptions, "readBlob">,
  blobs: readonly BlobSha[],
): AsyncGenerator<{ blob: BlobSha; bytes: Uint8Array }> {
  for (const blob of blobs) yield { blob, bytes: await readBlob(blob) };
}

/** A new folder below a machine's own. */
export async function freshFolder(folder: string, name: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return await mkdtemp(join(folder, `${name}-`));
}

function copySeries(series: TrainedModel["series"]): Record<string, [number, number | null][]> {
  return Object.fromEntries(
    Object.entries(series).map(([name, points]) => [
      name,
      points.map(([step, value]): [number, number | null] => [step, value]),
    ]),
  );
}
