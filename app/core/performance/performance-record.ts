import * as z from "zod";
import { estimateSchema, shortText } from "#core/evidence.ts";

/**
 * How well production answered. `measured`: on rows whose label is known; `estimated`: on rows that still wait for it,
 * from calibrated scores. `change`: measured − at promotion, in the metric's own sign.
 */
export const performanceSchema = z.strictObject({
  predicted: z.number().int().min(0),
  labelled: z.number().int().min(0),
  waiting: z.number().int().min(0),
  /** labels of rows that nobody predicted */
  orphans: z.number().int().min(0),
  calibration: z.enum(["isotonic", "none"]),
  /** rows that the calibration was learnt from */
  referenceRows: z.number().int().min(0),
  metrics: z
    .array(
      z.strictObject({
        name: shortText,
        better: z.enum(["higher", "lower"]),
        unit: shortText.nullable(),
        measured: estimateSchema.nullable(),
        estimated: estimateSchema.nullable(),
        atPromotion: estimateSchema.nullable(),
        change: estimateSchema.nullable(),
        /** the interval of the change lies wholly beyond what a gate allows; null where that was not measured */
        worse: z.boolean().nullable(),
      }),
    )
    .max(50),
  verdict: z.enum(["holds", "worse", "not-enough-labels", "not-measured"]),
  because: z.string().max(4_000),
});
export type PerformanceRecord = z.infer<typeof performanceSchema>;
