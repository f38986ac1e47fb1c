import * as z from "zod";
import { hashBuckets } from "./level-counts.ts";
import { storedBins } from "./number-bins.ts";

export const countSchema = z.number().int().min(0);
const positive = z.number().int().min(1);
const packed = z
  .string()
  .max(40_000_000)
  .regex(/^[A-Za-z0-9+/]*={0,2}$/);

/** More levels than these are packed. */
export const readableLevels = 1_000;
/** Bytes of the longest level, as UTF-8. */
export const longestLevelBytes = 1_024;

const column = { name: z.string().max(10_000), nulls: countSchema };

const numbersSchema = z.strictObject({
  nans: positive.optional(),
  negativeInfinite: positive.optional(),
  positiveInfinite: positive.optional(),
  /** of the finite ones; missing where there is none */
  min: z.number().optional(),
  max: z.number().optional(),
  /** every value and its rows, or the bins of the upper `bits` of the double */
  exact: z
    .strictObject({ values: z.array(z.number()).max(storedBins), counts: z.array(positive).max(storedBins) })
    .optional(),
  bins: z.strictObject({ bits: z.number().int(), runs: packed, distinct: packed }).optional(),
});

const levelsSchema = z.strictObject({
  /** the most frequent first */
  all: z
    .array(z.tuple([z.string().max(longestLevelBytes), positive]))
    .max(readableLevels)
    .optional(),
  packed: packed.optional(),
  /** the packed ones are a sample of 1 in 2^depth, and these the rows by bucket of the level's hash */
  depth: z.number().int().min(0).max(52).optional(),
  buckets: z.array(countSchema).length(hashBuckets).optional(),
});

export const columnRecordSchema = z.discriminatedUnion("type", [
  z.strictObject({ ...column, type: z.enum(["integer", "number", "float32", "time"]), numbers: numbersSchema }),
  z.strictObject({ ...column, type: z.enum(["text", "boolean"]), levels: levelsSchema }),
  z.strictObject({ ...column, type: z.enum(["empty", "nested"]) }),
]);
export type ColumnRecord = z.infer<typeof columnRecordSchema>;
export type NumbersRecord = z.infer<typeof numbersSchema>;
export type LevelsRecord = z.infer<typeof levelsSchema>;
