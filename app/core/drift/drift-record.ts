import * as z from "zod";
import { estimateSchema, measured, shortText } from "#core/evidence.ts";
import { performanceSchema } from "#core/performance/performance-record.ts";

/** What a watch found, as the branch `trainyard` holds it. Old records have fewer parts, and parse. */

const driftLevel = z.enum(["quiet", "info", "warn", "fail", "unknown"]);
export type DriftLevel = z.infer<typeof driftLevel>;

const driftTestName = z.enum([
  "cramers-v",
  "ks",
  "wasserstein",
  "missing",
  "new-levels",
  "missing-levels",
  // a preset's
  "chi-squared",
  "jensen-shannon",
  "wasserstein-std",
]);
export type DriftTestName = z.infer<typeof driftTestName>;

const share = z.strictObject({ values: z.number(), missing: z.number() });

const driftColumnSchema = z.strictObject({
  column: shortText,
  kind: z.enum(["categorical", "numeric"]),
  effect: measured,
  threshold: z.number(),
  effectName: driftTestName,
  p: measured,
  adjustedP: measured,
  drifted: z.boolean(),
  /** the biggest movers, for people: value, share before, share now; or the median before and now */
  moved: z.array(z.strictObject({ value: shortText, before: z.number(), now: z.number() })).max(20),
  because: z.string().max(2_000),
  // All below: not in records before profiles. What is above is the test that speaks loudest.
  role: z.enum(["feature", "target", "prediction"]).optional(),
  critical: z.literal(true).optional(),
  /** `info`: sure and small; `unknown`: not enough values to say */
  level: driftLevel.optional(),
  /** the move in the column's own unit, for people: "median 52,340 → 54,486 (+4.1 %)" */
  says: z.string().max(1_000).optional(),
  tests: z
    .array(
      z.strictObject({
        name: driftTestName,
        effect: measured,
        /** of an effect known within bounds: the upper one */
        atMost: z.number().optional(),
        warn: z.number(),
        fail: z.number(),
        p: measured,
        adjustedP: measured,
        level: driftLevel,
      }),
    )
    .max(10)
    .optional(),
  /** rows with and without a value */
  rows: z.strictObject({ reference: share, current: share }).optional(),
  /** base 2, of categories: to look at, not to decide by */
  jensenShannon: measured.optional(),
  /** of a two-valued target or prediction: the share of `value`, and the change with its 95 % interval */
  rate: z.strictObject({ value: shortText, before: z.number(), now: z.number(), change: estimateSchema }).optional(),
  /** of the column for the model, as it was given, and importance times effect over threshold */
  importance: z.number().optional(),
  impact: z.number().optional(),
});
export type DriftColumn = z.infer<typeof driftColumnSchema>;

/** What moves by design is not tested: how far ids and times reach. */
const coverageSchema = z.strictObject({
  column: shortText,
  kind: z.enum(["id", "time"]),
  says: z.string().max(1_000),
  /** times, ISO 8601 */
  reference: z.strictObject({ oldest: shortText, newest: shortText }).optional(),
  current: z.strictObject({ oldest: shortText, newest: shortText }).optional(),
  /** from the reference's newest to the current data's oldest; below 0 where they overlap */
  gapSeconds: z.number().optional(),
});
export type DriftCoverage = z.infer<typeof coverageSchema>;

/** The two sides have not the same columns. */
const driftChangeSchema = z.strictObject({
  kind: z.enum(["gone", "come", "retyped", "renamed"]),
  column: shortText,
  /** of `renamed`: the name it seems to have now */
  now: shortText.optional(),
  level: driftLevel,
  because: z.string().max(1_000),
});
export type DriftChange = z.infer<typeof driftChangeSchema>;

/** How well a classifier tells rows of the two sides apart, by cross-validation. */
const multivariateSchema = z.strictObject({
  auc: estimateSchema,
  rows: z.number().int(),
  level: driftLevel,
  /** columns that told most, with their share of the gain */
  columns: z.array(z.strictObject({ column: shortText, share: z.number() })).max(20),
  because: z.string().max(1_000),
});
export type DriftMultivariate = z.infer<typeof multivariateSchema>;

/** One watch of one model: `drift/<model>/<at>.json`. */
export const driftReportSchema = z.strictObject({
  schema: z.literal("trainyard/drift/1"),
  model: shortText,
  version: shortText,
  /** what whoever took the report down knows besides: the run that watched, and why it brought no newer data */
  watch: z
    .strictObject({ run: z.number().int(), url: z.string().max(500), note: z.string().max(2_000).nullable() })
    .optional(),
  verdict: z.enum(["quiet", "drift", "not-enough-data", "error"]),
  because: z.string().max(4_000),
  reference: z.strictObject({ files: z.array(shortText).max(10_000), rows: z.number().int() }),
  current: z.strictObject({ files: z.array(shortText).max(10_000), rows: z.number().int() }),
  columns: z.array(driftColumnSchema).max(2_000),
  /** columns that were tested as well, and moved less than any that is listed */
  moreColumns: z.number().int().min(1).optional(),
  /** paired lead of production over the baseline, now and at promotion, and the change between them */
  lead: z
    .strictObject({
      metric: shortText,
      now: estimateSchema,
      atPromotion: estimateSchema.nullable(),
      change: estimateSchema.nullable(),
      drifted: z.boolean(),
    })
    .nullable(),
  /** how well production answered, where the config names predictions */
  performance: performanceSchema.optional(),
  at: z.iso.datetime(),
  /** of the table as a whole, by what drifted: one column of many is `info` */
  level: driftLevel.optional(),
  preset: z.enum(["evidently"]).optional(),
  coverage: z.array(coverageSchema).max(2_000).optional(),
  changes: z.array(driftChangeSchema).max(2_000).optional(),
  multivariate: multivariateSchema.optional(),
});
export type DriftReport = z.infer<typeof driftReportSchema>;
