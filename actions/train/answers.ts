import * as z from "zod";
import { artifactSchema, predictionsRecordSchema, runRecordSchema } from "#core/evidence.ts";
import { failureSchema } from "#core/plan/plan-record.ts";

/** What one task leaves behind beside its files (`answers.json`): a claim, as the team's code ran on that machine. */
export const answersSchema = z.strictObject({
  schema: z.literal("trainyard/answers/1"),
  task: z.string().max(80),
  artifact: artifactSchema.nullable(),
  trained: runRecordSchema
    .pick({ parameters: true, series: true, durationMs: true, resumedFrom: true, runsOn: true, at: true })
    .nullable(),
  predictions: z
    .array(predictionsRecordSchema.pick({ evaluation: true, sha256: true, size: true, format: true }))
    .max(8),
  failures: z.array(failureSchema).max(20),
});
export type Answers = z.infer<typeof answersSchema>;
