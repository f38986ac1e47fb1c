import type { ModelName, Version } from "#core/names.ts";
import type { StoreAddress } from "#core/store-address.ts";

/** A pattern that knows `*`, `?` and `**` only; case counts. Parsed by `parseGlob`, matched by `matchGlob`. */
export type Glob = string;

/** Files named by patterns, or the newest `count` of a pattern in natural order of path (`week-9` before `week-11`). */
export type FileSet = { kind: "globs"; globs: readonly Glob[] } | { kind: "last"; count: number; of: Glob };

export type RunsOn = string | readonly string[] | { group: string; labels?: readonly string[] };

export type Better = "higher" | "lower";

export type Task = "binary" | "ranking";

/** What a metric is; built-in ones by name, others by SQL over one row (mean) or over rows (ratio of sums). */
export type MetricDefinition = {
  name: string;
  better: Better;
  unit: string | undefined;
  definition:
    | { kind: "auc" }
    | { kind: "log-loss" }
    | { kind: "accuracy"; threshold: number }
    | { kind: "precision"; threshold: number }
    | { kind: "recall"; threshold: number }
    | { kind: "ndcg"; at: number }
    | { kind: "hit-rate"; at: number }
    | { kind: "recall-at"; at: number }
    | { kind: "mean"; sql: string }
    | { kind: "ratio"; over: string; under: string };
};

/** How a model is judged. The base branch's definitions decide; a pull request's are shown beside them. */
export type EvaluateConfig = {
  task: Task;
  holdout: FileSet;
  /** more labelled rows, by name: shown beside the holdout, and kept from training as it is */
  windows?: readonly { name: string; files: FileSet }[] | undefined;
  lookup: FileSet | undefined;
  /** ranking only: (id, label) pairs seen in these files are not asked for */
  ignore: FileSet | undefined;
  /** binary: column that identifies a row, undefined = the row number; ranking: the query column (required) */
  id: string | undefined;
  label: string;
  score: string;
  metrics: readonly MetricDefinition[];
  slices: readonly string[];
  baseline: { run: string; code: readonly Glob[] } | undefined;
};

export type Gate =
  | { kind: "at-least"; metric: string; bar: number }
  | { kind: "at-most"; metric: string; bar: number }
  | { kind: "versus"; metric: string; against: "production" | "baseline"; mayWorsen: number; better: boolean };

/** Bounds of a number, both included; null leaves a side open. */
export type Bounds = { low: number | null; high: number | null };

/** What the values of a column are, however they are stored. */
export type ValueType = "integer" | "number" | "boolean" | "date" | "timestamp" | "text";

type ExpectationCheck =
  | { kind: "not-null"; column: string }
  | { kind: "unique"; column: string }
  /** no two rows are equal in all of these */
  | { kind: "unique-rows"; columns: readonly string[] }
  | ({ kind: "between"; column: string } & Bounds)
  | { kind: "in" | "not-in"; column: string; values: readonly (string | number | boolean)[] }
  /** a regular expression as RE2 reads it, found anywhere in the value */
  | { kind: "matches"; column: string; pattern: string }
  | ({ kind: "length"; column: string } & Bounds)
  | { kind: "type"; column: string; type: ValueType }
  | ({ kind: "row-count" } & Bounds)
  /** the newest time that is not in the future is at most this old */
  | { kind: "freshness"; column: string; withinMs: number }
  /** every value is one of another file's column; `file` is a path of the repository */
  | { kind: "references"; column: string; file: string; key: string }
  /** in the order of files and rows */
  | { kind: "monotonic"; column: string; order: Monotony }
  | ({ kind: "sum" | "mean"; column: string } & Bounds)
  | ({ kind: "quantile"; column: string; at: number } & Bounds)
  | { kind: "columns"; columns: readonly string[]; only: boolean; ordered: boolean }
  | { kind: "sql"; sql: string };

export type Monotony = "increasing" | "strictly-increasing" | "decreasing" | "strictly-decreasing";

/**
 * What the data must hold. `mostly`: the share of rows that must; `where`: SQL over one row, which says of which rows it
 * speaks; `level`: without one it blocks.
 */
export type Expectation = ExpectationCheck & {
  mostly?: number | undefined;
  where?: string | undefined;
  level?: "warn" | undefined;
};

export type PromoteConfig = {
  /** in order; the last one is production */
  stages: readonly string[];
  environment: string | undefined;
  combinations: "wait" | "gate";
  pin: Version | undefined;
  bump: "major" | "minor" | "patch";
};

/** How far is too far: what of it differs from the rules of docs/drift.md. */
export type DriftConfig = {
  /** an effect counts with an adjusted p up to this */
  p: number | undefined;
  preset: "evidently" | undefined;
  /** held to stricter thresholds; target undefined = the label, where it is the answer to one row */
  target: string | undefined;
  prediction: string | undefined;
  /** columns that name things although they look like numbers */
  names: readonly string[];
  columns: ReadonlyMap<
    string,
    { threshold: number | undefined; missing?: number | undefined; newValues?: number | undefined; critical: boolean }
  >;
};

export type MonitorConfig = {
  schedule: "hourly" | "daily" | "weekly";
  /** so many of the last so many watches that could be judged raise the alarm; so many quiet ones in a row end it */
  alarm: { after: number; of: number };
  /** fetches current data into the folder it runs in; `output` says which of the new files are the current data */
  current: { run: string; output: Glob };
  /** which of the new files say what production answered (id, score), and what came true (id, label) */
  predictions?: Glob | undefined;
  labels?: Glob | undefined;
  /** the reference: the newest `count` training files of the production version, undefined = all its data inputs */
  reference: FileSet | undefined;
  /** columns to watch; undefined = every column but the id */
  columns: readonly string[] | undefined;
  drift: DriftConfig;
  /** `notNowMs`: how long closing the retraining pull request holds */
  retrain: { run: string; reviewers: readonly string[]; notNowMs: number } | undefined;
};

/** Data that is too large to copy: where machines have it mounted, and the committed list of its files. */
export type Mount = { mount: string; manifest: string };

export type Model = {
  name: ModelName;
  was: ModelName | undefined;
  /** undefined: every tracked file but documentation, `.github/` and the holdout */
  inputs:
    | {
        data: readonly Glob[];
        /** columns that together name a row of the data; it is no part of the recipe */
        key?: readonly string[];
        code: readonly Glob[];
        params: readonly Glob[];
      }
    | undefined;
  /** `cache`: folders of the machine that are kept from one set-up to the next, each begins with "~/" */
  /** the manifests are among the data inputs */
  mounts?: readonly Mount[] | undefined;
  /** the team's own command that brings what pointers stand for */
  fetch?: { run: string } | undefined;
  setup: { run: string; container: string | undefined; cache?: readonly string[] | undefined } | undefined;
  train: {
    run: string;
    model: string;
    when: "push" | "ready" | "label" | "command";
    runsOn: RunsOn;
    timeoutMs: number;
    secrets: readonly string[];
    /** a folder below the one that training runs in, carried away every so often while it does */
    checkpoint?: { path: string; everyMs: number } | undefined;
  };
  predict: { run: string; runsOn: RunsOn; timeoutMs: number };
  evaluate: EvaluateConfig;
  gates: readonly Gate[];
  expect: readonly Expectation[];
  promote: PromoteConfig;
  monitor: MonitorConfig | undefined;
  /** whether cells of its data are quoted where people read; undefined: those of data in the repository itself */
  values?: "shown" | "hidden" | undefined;
};

/** What the code uses: every default filled in, every name parsed. What people write is `WrittenConfig` (schema.ts). */
export type Config = {
  version: 1;
  writer: "actions" | "app";
  /** where the bytes of pointers lie; undefined: DVC's own config says it, or nothing does */
  store?: StoreAddress | undefined;
  models: ReadonlyMap<ModelName, Model>;
};

/** One mistake in a config: where it is, what is wrong, what would be right. `line` and `column` count from 1. */
export type ConfigProblem = { path: string; line: number; column: number; message: string };

/** `notes` are no mistakes: settings that are accepted and do nothing yet. */
export type ParsedConfig =
  | { kind: "config"; config: Config; notes: readonly ConfigProblem[] }
  | { kind: "problems"; problems: readonly ConfigProblem[] };

/** Where the config lives in every repository. */
export const configPath = ".github/trainyard.yml";
