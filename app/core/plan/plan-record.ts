import * as z from "zod";
import { computeSubject } from "#core/identity/subject.ts";
import {
  comparisonSchema,
  dataReportSchema,
  locatorSchema,
  predictionsRecordSchema,
  runRecordSchema,
  treeEntrySchema,
} from "#core/evidence.ts";
import { driftReportSchema } from "#core/drift/drift-record.ts";

/**
 * What the jobs of one workflow run are asked to do (`plan.json` in the artifact `trainyard-plan`), and what they claim
 * to have done (`report.json` in `trainyard-report`). Both cross between machines, so both are schemas.
 */

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const objectId = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
const text = z.string().max(4_096);
const files = z.array(treeEntrySchema).max(100_000);

/** EvaluateConfig as JSON, checked again where it is used (`parseEvaluateConfig`). */
const definitions = z.record(z.string(), z.unknown());

/** One model on one machine: train it (or fetch its bytes), then answer the evaluations it has to sit. */
export const taskSchema = z.strictObject({
  /** names artifacts and the job: [a-z0-9-] only */
  key: z.string().regex(/^[a-z0-9-]{1,80}$/),
  model: text,
  role: z.enum(["candidate", "production", "baseline"]),
  /** no code of what is judged runs: its commands and code files are the base branch's, or those of a version */
  reviewed: z.literal(true).optional(),
  /** what is trained; null: nothing is trained, the bytes are fetched (or there are none: a baseline) */
  recipe: hex64.nullable(),
  train: z
    .strictObject({
      run: z.string(),
      timeoutMs: z.number(),
      secrets: z.array(text),
      inputs: files,
      /** `afresh`: nothing that another run left is gone on from */
      checkpoint: z.strictObject({ path: text, everyMs: z.number(), afresh: z.literal(true).optional() }).optional(),
    })
    .nullable(),
  /** path of the model inside the folder, as the config declares it; "" for a baseline */
  modelPath: text,
  bytes: locatorSchema.nullable(),
  /** digest that fetched bytes must have */
  artifact: hex64.nullable(),
  /** who answers, as predictions are recorded; null until it is trained */
  subject: hex64.nullable(),
  setup: z.string().nullable(),
  /** the team's own command that brings what pointers stand for; verified by digest */
  fetch: z.string().optional(),
  /** data too large to copy: where it is mounted, and which of the inputs lists its files */
  mounts: z
    .array(z.strictObject({ mount: text, manifest: text }))
    .max(100)
    .optional(),
  /** folders that are kept from one set-up to the next; only where code of what is judged runs anyway */
  cache: z.array(text).optional(),
  /** an image by digest, in which every command runs */
  container: text.optional(),
  predict: z.strictObject({ run: z.string(), timeoutMs: z.number(), inputs: files }),
  sittings: z.array(z.strictObject({ evaluation: hex64, lookup: files })).max(8),
  runsOn: z.union([
    z.string(),
    z.array(z.string()),
    z.strictObject({ group: z.string(), labels: z.array(z.string()).optional() }),
  ]),
});
export type Task = z.infer<typeof taskSchema>;

/** Who a task's predictions are by, once its model is there; undefined while there is none. */
export function subjectOfTask(task: Task, artifact: string | undefined): string | undefined {
  if (task.recipe === null) return task.subject ?? undefined;
  return artifact === undefined ? undefined : computeSubject({ artifact, recipe: task.recipe });
}

/** One evaluation: its definitions and files. */
export const evaluationSpecSchema = z.strictObject({
  evaluation: hex64,
  model: text,
  definitions,
  holdout: files,
  lookup: files,
  ignore: files,
});
export type EvaluationSpec = z.infer<typeof evaluationSpecSchema>;

/** Where one side's predictions come from: a task of this run, or bytes that are already somewhere. */
const sideSchema = z.strictObject({
  task: z.string().nullable(),
  subject: hex64.nullable(),
  predictions: predictionsRecordSchema.nullable(),
});
export const comparisonSpecSchema = z.strictObject({
  evaluation: hex64,
  model: text,
  candidate: sideSchema,
  production: sideSchema.nullable(),
  baseline: sideSchema.nullable(),
  dropped: z.array(text),
});
export type ComparisonSpec = z.infer<typeof comparisonSpecSchema>;

/** Data checks of one model: expectations of the base branch on the merged tree's data, and what changed in it. */
export const dataSpecSchema = z.strictObject({
  model: text,
  expect: z.array(z.record(z.string(), z.unknown())),
  data: files,
  /** of the base branch, less its holdout */
  before: files,
  /** files of `data` with the path of one of these are no training data; their rows must not be in it */
  holdout: files.optional(),
  /** columns that name a row of the data, as the config says */
  key: z.array(z.string()).optional(),
  /** the column that names a row of the holdout: perhaps of the data too */
  id: z.string().optional(),
  /** absent for rankings: what they are asked for may well have been seen */
  label: z.string().optional(),
  /** files that expectations refer to */
  references: files.optional(),
  /** whether cells are quoted in what comes of it; absent: those of data that lies in the repository itself */
  values: z.enum(["shown", "hidden"]).optional(),
});
export type DataSpec = z.infer<typeof dataSpecSchema>;

export const planRecordSchema = z.strictObject({
  schema: z.literal("trainyard/plan/1"),
  /** ties claims to this plan */
  nonce: hex64,
  pull: z.number().int().nullable(),
  head: objectId,
  base: objectId,
  /** commits to fetch so that every blob named here can be read */
  objects: z.array(objectId).max(40),
  tasks: z.array(taskSchema).max(256),
  evaluations: z.array(evaluationSpecSchema).max(200),
  comparisons: z.array(comparisonSpecSchema).max(400),
  data: z.array(dataSpecSchema).max(200),
});
export type PlanRecord = z.infer<typeof planRecordSchema>;

export const phases = ["materialise", "setup", "train", "predict", "data", "evaluate", "watch", "retrain"] as const;

/** Something that a job could not do, said so that a person can mend it. `log` is the end of what the command printed. */
export const failureSchema = z.strictObject({
  model: text,
  task: z.string().max(80),
  phase: z.enum(phases),
  message: z.string().max(4_000),
  log: z.string().max(20_000),
});
export type Failure = z.infer<typeof failureSchema>;

export const reportRecordSchema = z.strictObject({
  schema: z.literal("trainyard/report/1"),
  nonce: hex64,
  pull: z.number().int().nullable(),
  head: objectId,
  runs: z.array(runRecordSchema).max(256),
  predictions: z.array(predictionsRecordSchema).max(800),
  comparisons: z.array(comparisonSchema).max(400),
  data: z.array(dataReportSchema).max(200),
  failures: z.array(failureSchema).max(400),
});
export type ReportRecord = z.infer<typeof reportRecordSchema>;

/** What the watch job claims: reports, and the files that the team's retrain command changed (under data inputs only). */
export const watchRecordSchema = z.strictObject({
  schema: z.literal("trainyard/watch/1"),
  head: objectId,
  reports: z.array(driftReportSchema).max(200),
  retrain: z
    .array(
      z.strictObject({
        model: text,
        files: z.array(z.strictObject({ path: text, base64: z.string() })).max(5_000),
        failure: z.string().max(20_000).nullable(),
      }),
    )
    .max(200),
});
export type WatchRecord = z.infer<typeof watchRecordSchema>;
