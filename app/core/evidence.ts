import * as z from "zod";
import { dataDiffSchema } from "#core/diff/data-diff.ts";
import { verdictKinds } from "#core/gate/verdict.ts";

/**
 * Everything the branch `trainyard` and the jobs' records hold. Each record is plain JSON, has a `schema`, and is
 * validated whenever it is read: a record that comes from a job is a claim, not a fact.
 */

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const objectId = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
export const shortText = z.string().max(1_000);
/** NaN and infinities are not JSON: `null` stands for "not measured" */
export const measured = z.number().nullable();

export const treeEntrySchema = z.strictObject({
  path: z.string().min(1).max(4_096),
  mode: z.string().regex(/^(?:100644|100755|120000|160000)$/),
  blob: objectId,
});

/** Where bytes can be had: an artifact of a workflow run, an asset of a release, a file of a local store. */
export const locatorSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("workflow-artifact"), run: z.number().int(), name: shortText, path: shortText }),
  z.strictObject({ kind: z.literal("release-asset"), tag: shortText, name: shortText }),
  z.strictObject({ kind: z.literal("local"), path: z.string() }),
]);
export type Locator = z.infer<typeof locatorSchema>;

export const estimateSchema = z.strictObject({ point: measured, low: measured, high: measured, n: z.number() });
export type EstimateRecord = z.infer<typeof estimateSchema>;

/** A trained file, or a folder of them: then `sha256` is taken over the canonical JSON of `files`. */
export const artifactSchema = z.strictObject({
  sha256: hex64,
  size: z.number().int().min(0),
  files: z
    .array(z.strictObject({ path: shortText, sha256: hex64, size: z.number().int().min(0) }))
    .min(1)
    .max(900),
});
export type ArtifactRecord = z.infer<typeof artifactSchema>;

/** One training of one recipe. Path on the branch: `runs/<recipe>/<key>.json`. */
export const runRecordSchema = z.strictObject({
  schema: z.literal("trainyard/run/1"),
  key: z.string().regex(/^[a-z0-9-]{1,80}$/),
  recipe: hex64,
  model: shortText,
  artifact: artifactSchema,
  bytes: locatorSchema,
  inputs: z.array(treeEntrySchema).max(100_000),
  parameters: z.record(z.string().max(200), z.union([z.string().max(6_000), z.number(), z.boolean(), z.null()])),
  /** metric series as logged to metrics.jsonl: one object a line, thinned to at most 1,000 points a name */
  series: z.record(z.string().max(200), z.array(z.tuple([z.number(), measured])).max(1_000)),
  durationMs: z.number().min(0),
  /** the checkpoint that it went on from; `durationMs` does not count what came before that */
  resumedFrom: z
    .strictObject({ run: z.number().int(), attempt: z.number().int(), counter: z.number().int() })
    .optional(),
  runsOn: shortText,
  /** decided by whoever records it, whatever the job claimed: it ran under a workflow file of the default branch */
  counts: z.boolean(),
  /** the default branch carried neither a config nor this workflow file: it counts once this very file is merged */
  early: z.literal(true).optional(),
  source: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("workflow"),
      run: z.number().int(),
      attempt: z.number().int(),
      event: shortText,
      head: objectId,
      pull: z.number().int().nullable(),
      fork: z.boolean(),
      /** blob of the caller's workflow file in the tree that ran; null where it could not be read */
      workflow: z.strictObject({ path: shortText, blob: objectId.nullable() }),
    }),
    z.strictObject({ kind: z.literal("local"), head: objectId }),
  ]),
  at: z.iso.datetime(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

/** What one subject answered on one evaluation. `predictions/<evaluation>/<subject>.json`. */
export const predictionsRecordSchema = z.strictObject({
  schema: z.literal("trainyard/predictions/1"),
  evaluation: hex64,
  /** the model's bytes as its recipe asks them, or the baseline: docs/identity.md */
  subject: hex64,
  sha256: hex64,
  size: z.number().int().min(0),
  format: z.enum(["csv", "parquet"]),
  bytes: locatorSchema,
  /** the pull request of a fork whose run says so: it is known to that one alone */
  fork: z.number().int().optional(),
});
export type PredictionsRecord = z.infer<typeof predictionsRecordSchema>;

export const metricComparisonSchema = z.strictObject({
  name: shortText,
  better: z.enum(["higher", "lower"]),
  unit: shortText.nullable(),
  candidate: estimateSchema,
  production: estimateSchema.nullable(),
  baseline: estimateSchema.nullable(),
  /** candidate − other, paired on the same units, in the metric's own direction of sign */
  versusProduction: estimateSchema.nullable(),
  versusBaseline: estimateSchema.nullable(),
});
export type MetricComparison = z.infer<typeof metricComparisonSchema>;

/**
 * Two subjects (and the baseline) on one evaluation, paired.
 * `comparisons/<evaluation>/<candidate>-<production|none>[-<baseline>].json` (first 16 digits of each subject).
 */
export const comparisonSchema = z.strictObject({
  schema: z.literal("trainyard/comparison/1"),
  evaluation: hex64,
  task: z.enum(["binary", "ranking"]),
  candidate: hex64,
  production: hex64.nullable(),
  baseline: hex64.nullable(),
  /** units asked: rows, or queries of a ranking with at least one label left */
  units: z.number().int().min(0),
  unitName: shortText,
  /** holdout files that one of the sides was trained on, hence left out for all */
  dropped: z.array(shortText).max(1_000),
  holdout: z.array(shortText).max(1_000),
  metrics: z.array(metricComparisonSchema).max(100),
  slices: z
    .array(z.strictObject({ slice: shortText, n: z.number().int(), metrics: z.array(metricComparisonSchema) }))
    .max(2_000),
  flips: z.strictObject({ newlyRight: z.number().int(), newlyWrong: z.number().int() }).nullable(),
  /** why nothing could be measured; then `metrics` is empty and no gate passes */
  error: z.string().max(4_000).nullable(),
  /** the pull request of a fork whose run says so: it is known to that one alone */
  fork: z.number().int().optional(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** One expectation on a model's data. `failing` rows of the `of` that could; both null where it is not about rows. */
export const expectationOutcomeSchema = z.strictObject({
  expectation: shortText,
  kind: z.enum(["pass", "fail", "error"]),
  /** `warn` never blocks, whatever its kind; absent: it does */
  level: z.enum(["warn", "fail"]).optional(),
  failing: z.number().nullable(),
  of: z.number().nullable(),
  /** failing over of */
  share: measured.optional(),
  /** the one value that was judged: a number of rows, a sum, mean or quantile, or of freshness the age in milliseconds */
  measured: measured.optional(),
  examples: z.array(shortText).max(10),
  /** the most frequent of the values that fail */
  values: z
    .array(z.strictObject({ value: shortText, count: z.number().int().min(0) }))
    .max(10)
    .optional(),
  /** the first rows that fail: record of the file from 1, and its line where the file is text */
  rows: z
    .array(
      z.strictObject({
        file: shortText,
        row: z.number().int().min(1),
        line: z.number().int().min(1).optional(),
        value: shortText,
      }),
    )
    .max(10)
    .optional(),
  because: z.string().max(2_000),
});
export type ExpectationOutcome = z.infer<typeof expectationOutcomeSchema>;

/** What expectations and the data diff said, from the `prepare` job. */
export const dataReportSchema = z.strictObject({
  schema: z.literal("trainyard/data/1"),
  model: shortText,
  expectations: z.array(expectationOutcomeSchema).max(500),
  diff: dataDiffSchema.nullable(),
  /** the pull request of a fork whose run says so: it is known to that one alone */
  fork: z.number().int().optional(),
});
export type DataReport = z.infer<typeof dataReportSchema>;

/** The last verdict of one head for one model. `reviews/<model>/<recipe>/<pull>-<head>.json`. */
export const reviewSchema = z.strictObject({
  schema: z.literal("trainyard/review/1"),
  model: shortText,
  recipe: hex64,
  pull: z.number().int(),
  head: objectId,
  base: objectId,
  verdict: z.enum(verdictKinds),
  green: z.boolean(),
  because: z.string().max(4_000),
  /** digest of the evidence the verdict stands on; `/accept` binds to it */
  evidence: hex64,
  artifact: hex64.nullable(),
  /** green by somebody's word */
  accepted: z.strictObject({ by: z.string().max(100), why: z.string().max(1_000) }).optional(),
  /** the group of a merge queue that was judged, rather than the pull request by itself */
  group: z.literal(true).optional(),
  at: z.iso.datetime(),
});
export type Review = z.infer<typeof reviewSchema>;

/** Somebody's word that an undecided verdict will do as it is: for this evidence, wherever it shows. `acceptances/<model>/<evidence>.json`. */
export const acceptanceSchema = z.strictObject({
  schema: z.literal("trainyard/acceptance/1"),
  model: shortText,
  evidence: hex64,
  verdict: z.enum(verdictKinds),
  pull: z.number().int(),
  head: objectId,
  by: z.string().min(1).max(100),
  why: z.string().max(1_000),
  at: z.iso.datetime(),
});
export type Acceptance = z.infer<typeof acceptanceSchema>;

/** A stage move whose deployment and predictions are said too: the last thing of a promotion. `moves/<model>/<counter>.<stage>.json`. */
export const moveSchema = z.strictObject({
  schema: z.literal("trainyard/move/1"),
  model: shortText,
  version: shortText,
  stage: shortText,
  counter: z.number().int().min(1),
  commit: objectId,
  recipe: hex64,
  artifact: hex64,
  pull: z.number().int().nullable(),
  by: shortText.nullable(),
  why: shortText,
  /** the version was taken away from the stage */
  removed: z.literal(true).optional(),
  at: z.iso.datetime(),
});
export type Move = z.infer<typeof moveSchema>;
