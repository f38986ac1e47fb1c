import type { ArtifactRecord, Comparison, DataReport, RunRecord } from "#core/evidence.ts";
import type { TreeEntry } from "#core/identity/tree.ts";
import type { LabelledScores } from "#core/performance/judge-performance.ts";
import type { TableProfile } from "#core/profile/table-profile.ts";
import type { ComparisonSpec, DataSpec, EvaluationSpec, Failure, Task } from "#core/plan/plan-record.ts";

/** What the domain needs done where files and processors are. A machine keeps no state between its answers. */
export type Machine = {
  /** Writes the holdout's rows without their label; `file` is a path on this machine. */
  prepareRows(spec: EvaluationSpec): Promise<{ kind: "rows"; file: string } | { kind: "failed"; because: string }>;
  /** Trains or fetches the model and has it answer; what the team's code does wrong is in `failures`. */
  perform(task: Task, rows: ReadonlyMap<string, string>): Promise<Performed>;
  /** Scores the sides against the labels. */
  score(exam: EvaluationSpec, spec: ComparisonSpec, sides: ScoredSides): Promise<Comparison>;
  /** Checks expectations and says which rows came and went. */
  checkData(spec: DataSpec): Promise<DataReport>;
  /** Runs a command of the team in a folder of these files, and answers the files that it made or changed. */
  runCommand(
    order: CommandOrder,
  ): Promise<{ kind: "done"; changed: readonly ChangedFile[] } | { kind: "failed"; failure: Failure }>;
  /** Joins what was answered with what came true, now and on the holdout. Throws where a file is not what it must be. */
  readOutcomes(order: OutcomesOrder): Promise<Outcomes>;
  /** Summarises columns of two sets of files. `columns` undefined: all but these. */
  profile(order: ProfileOrder): Promise<{ reference: TableProfile; current: TableProfile }>;
};

export type Performed = {
  artifact: ArtifactRecord | undefined;
  /** where its files lie, when it was trained here */
  modelFolder: string | undefined;
  trained: Pick<RunRecord, "parameters" | "series" | "durationMs" | "resumedFrom" | "runsOn" | "at"> | undefined;
  predictions: readonly { evaluation: string; file: string; format: "csv" | "parquet"; sha256: string; size: number }[];
  failures: readonly Failure[];
  notes: readonly string[];
};

export type Side = { subject: string; file: string };
export type ScoredSides = { candidate: Side; production: Side | undefined; baseline: Side | undefined };

export type CommandOrder = {
  model: string;
  phase: "watch" | "retrain";
  entries: readonly TreeEntry[];
  setup: string | undefined;
  /** an image by digest, in which both run */
  container?: string | undefined;
  command: string;
  timeoutMs: number;
};
/** A file that a command made or changed: its blob id as git would have it, and where it lies now. */
export type ChangedFile = TreeEntry & { file: string; size: number };

export type OutcomesOrder = {
  predictions: readonly TreeEntry[];
  labels: readonly TreeEntry[];
  columns: { id: string; score: string; label: string };
  /** answers to the holdout as a file on this machine, and the holdout with its labels */
  reference: { file: string; holdout: readonly TreeEntry[] } | undefined;
};
/** `orphans`: labels of rows that nobody predicted. `waiting`: scores without a label yet. */
export type Outcomes = {
  labelled: LabelledScores;
  waiting: Float64Array;
  orphans: number;
  reference: LabelledScores | undefined;
};

export type ProfileOrder = {
  reference: readonly TreeEntry[];
  current: readonly TreeEntry[];
  columns: readonly string[] | undefined;
  without: readonly string[];
  /** columns that name things although they look like numbers */
  names: readonly string[];
};
