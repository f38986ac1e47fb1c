import * as z from "zod";
import type { Task } from "#core/plan/plan-record.ts";

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);

/** What lies beside a checkpoint's files in its artifact (`checkpoint.json`); the files are below `files/`. */
export const checkpointSchema = z.strictObject({
  schema: z.literal("trainyard/checkpoint/1"),
  recipe: hex64,
  attempt: z.number().int(),
  counter: z.number().int(),
  files: z
    .array(z.strictObject({ path: z.string().max(1_000), sha256: hex64, size: z.number().int().min(0) }))
    .min(1)
    .max(10_000),
});

/** What every checkpoint of a task has in its name, whichever run left it. */
export function checkpointPrefix({ key, recipe }: Pick<Task, "key" | "recipe">): string {
  return `trainyard-checkpoint-${key}-${(recipe ?? "").slice(0, 16)}-`;
}
