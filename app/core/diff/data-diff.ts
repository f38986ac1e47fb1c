import * as z from "zod";

/** What two versions of a data set differ in. Bounded everywhere: it is a claim of a job, and it goes into comments. */

const name = z.string().max(1_000);
const value = z.string().max(200);
const count = z.number().int().min(0);
const pair = { before: count, after: count };

/** Values that one version alone has. `rows`: how many rows of that version hold one of them. */
const onlyValuesSchema = z.strictObject({
  values: count,
  rows: count,
  /** the most frequent ones */
  examples: z.array(z.strictObject({ value, rows: count })).max(5),
});
export type OnlyValues = z.infer<typeof onlyValuesSchema>;

export const leakageSchema = z.strictObject({
  holdoutRows: count,
  /** holdout rows whose id is in the training data; null where no id names one row of it */
  byId: count.nullable(),
  /** holdout rows of which the training data has one with the same values, label and id aside; null: nothing to compare */
  byContent: count.nullable(),
  /** how many of `byContent` chance alone would bring, as the training data repeats itself */
  byChance: z.number().min(0),
  /** more than chance brings: somebody must look at it */
  leaks: z.boolean(),
});
export type Leakage = z.infer<typeof leakageSchema>;

export const dataDiffSchema = z.strictObject({
  filesAdded: z.number().int(),
  filesRemoved: z.number().int(),
  filesChanged: z.number().int(),
  /** null: a file could not be read as a table, `notes` says which and why */
  rowsAdded: z.number().int().nullable(),
  rowsRemoved: z.number().int().nullable(),
  /** rows with the same key and other values; null: rows have no key, so they only come and go */
  rowsChanged: count.nullable().optional(),
  /** the columns that name a row */
  key: z.array(name).max(100).optional(),
  rows: z.strictObject(pair).optional(),
  bytes: z.strictObject(pair).optional(),
  /** keys of some rows that came and went; without a key file and row */
  examples: z.strictObject({ added: z.array(value).max(5), removed: z.array(value).max(5) }).optional(),
  columns: z
    .strictObject({
      added: z.array(z.strictObject({ column: name, type: name })).max(5_000),
      removed: z.array(z.strictObject({ column: name, type: name })).max(5_000),
      /** number, text, date …: width and encoding do not count */
      retyped: z.array(z.strictObject({ column: name, before: name, after: name })).max(5_000),
      /** a column that went and one that came, with the same content */
      renamed: z.array(z.strictObject({ before: name, after: name })).max(100),
      /** the columns of both stand in another order */
      reordered: z.boolean(),
    })
    .optional(),
  /** of the rows that changed, by column, most first */
  cells: z
    .array(
      z.strictObject({
        column: name,
        changed: count,
        examples: z.array(z.strictObject({ key: value, before: value.nullable(), after: value.nullable() })).max(5),
      }),
    )
    .max(200)
    .optional(),
  /** columns whose share of empty values moved */
  nulls: z
    .array(z.strictObject({ column: name, ...pair }))
    .max(200)
    .optional(),
  categories: z
    .array(
      z.strictObject({
        column: name,
        new: onlyValuesSchema,
        missing: onlyValuesSchema,
        /** values of this column stand in few rows each: that some come and go says nothing */
        nearlyUnique: z.literal(true).optional(),
      }),
    )
    .max(200)
    .optional(),
  /** rows of each label; null is no label */
  labels: z
    .strictObject({ column: name, values: z.array(z.strictObject({ value: value.nullable(), ...pair })).max(50) })
    .optional(),
  /** rows that repeat another one */
  duplicates: z.strictObject(pair).optional(),
  leakage: leakageSchema.optional(),
  notes: z.array(z.string().max(1_000)).max(20).optional(),
});
export type DataDiff = z.infer<typeof dataDiffSchema>;
