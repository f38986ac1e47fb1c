import * as z from "zod";
import { artifactSchema, runRecordSchema } from "#core/evidence.ts";
import { answersSchema } from "./answers.ts";

/** What lies beside a model's files in the artifact of its training (`trained.json`): a claim, like all that a job leaves. */
export const trainedSchema = z.strictObject({
  schema: z.literal("trainyard/trained/1"),
  recipe: runRecordSchema.shape.recipe,
  artifact: artifactSchema,
  trained: answersSchema.shape.trained.unwrap(),
});
