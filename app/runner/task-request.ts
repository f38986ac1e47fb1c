import type { ArtifactRecord } from "#core/evidence.ts";
import type { TreeEntry } from "#core/identity/tree.ts";
import { parseBlobSha } from "#core/names.ts";
import type { Task } from "#core/plan/plan-record.ts";
import type { Contents } from "#core/pointer/contents.ts";
import type { Bytes } from "#core/ports.ts";
import type { Checkpoints, Resumed } from "./checkpoint/checkpoints.ts";
import type { ReadBlobs } from "./materialise.ts";
import type { Series } from "./tracking/metrics-log.ts";
import { type ModelLimits, modelLimits } from "./model-files.ts";
import type { Parameters } from "./tracking/parameters.ts";
import type { SetupCache } from "./set-up.ts";
import type { Conditions } from "./workplace.ts";

export type TaskRequest = {
  task: Task;
  readBlobs: ReadBlobs;
  /** what pointers among the inputs stand for */
  contents?: Contents | undefined;
  /** by evaluation: the holdout's rows without their label, an absolute path of a file in the holdout's own format */
  rows: ReadonlyMap<string, string>;
  /** a folder to work in; what is made there is removed at the end */
  folder: string;
  /** gets `model/…` (of what was trained) and `predictions/<evaluation>.csv` or `.parquet` */
  out: string;
  /** what every command finds in its environment, PATH included (`commandEnvironment`) */
  env: Readonly<Record<string, string>>;
  /** for set-up and train only; blotted out of logs */
  secrets: Readonly<Record<string, string>>;
  fetchBytes: Bytes["fetch"];
  /** called as soon as the model is safe in `out`, before anything is predicted: upload it here */
  onModel?: ((model: TrainedModel) => Promise<void>) | undefined;
  /** where the plan asks for folders to be kept; it sees to it that each is called once */
  setupCache?: SetupCache | undefined;
  /** for a training whose plan asks for checkpoints; without it none are kept */
  checkpoints?: Checkpoints | undefined;
  /** what an earlier attempt trained: nothing is trained, and `onModel` is not called */
  trained?: TrainedModel | undefined;
  /** attacker-controlled: what the commands print, line by line */
  onLine?: Conditions["onLine"];
  signal?: AbortSignal | undefined;
  limits?: TaskLimits | undefined;
};

export type TaskLimits = { model: ModelLimits; predictionsBytes: number };
export const taskLimits: TaskLimits = { model: modelLimits, predictionsBytes: 1_000_000_000 };

export type TrainedModel = {
  artifact: ArtifactRecord;
  /** where its files lie, under the paths that `artifact` names */
  folder: string;
  parameters: Parameters;
  series: Series;
  /** set-up and training */
  durationMs: number;
  resumedFrom?: Resumed | undefined;
  notes: readonly string[];
};

/** The files of a plan as entries of a tree. */
export function entriesOf(files: Task["predict"]["inputs"]): readonly TreeEntry[] {
  return files.map(({ path, mode, blob }) => ({ path, mode, blob: parseBlobSha(blob) }));
}
