import * as z from "zod";

const text = z.string().min(1).max(1_000);
const column = text;
const columns = z.array(text).min(1).max(5_000);
const values = z
  .array(z.union([z.string().max(1_000), z.number(), z.boolean()]))
  .min(1)
  .max(10_000);
const bounds = { low: z.number().nullable(), high: z.number().nullable() };
const terms = {
  mostly: z.number().gt(0).max(1).optional(),
  where: text.optional(),
  level: z.literal("warn").optional(),
};

/** An expectation as it crosses between machines: what `completeExpectation` made, or somebody's claim. */
export const crossingExpectation = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("not-null"), column, ...terms }),
  z.strictObject({ kind: z.literal("unique"), column, ...terms }),
  z.strictObject({ kind: z.literal("unique-rows"), columns, ...terms }),
  z.strictObject({ kind: z.literal("between"), column, ...bounds, ...terms }),
  z.strictObject({ kind: z.enum(["in", "not-in"]), column, values, ...terms }),
  z.strictObject({ kind: z.literal("matches"), column, pattern: text, ...terms }),
  z.strictObject({ kind: z.literal("length"), column, ...bounds, ...terms }),
  z.strictObject({
    kind: z.literal("type"),
    column,
    type: z.enum(["integer", "number", "boolean", "date", "timestamp", "text"]),
    ...terms,
  }),
  z.strictObject({ kind: z.literal("row-count"), ...bounds, ...terms }),
  z.strictObject({ kind: z.literal("freshness"), column, withinMs: z.int().min(1), ...terms }),
  z.strictObject({ kind: z.literal("references"), column, file: text, key: text, ...terms }),
  z.strictObject({
    kind: z.literal("monotonic"),
    column,
    order: z.enum(["increasing", "strictly-increasing", "decreasing", "strictly-decreasing"]),
    ...terms,
  }),
  z.strictObject({ kind: z.enum(["sum", "mean"]), column, ...bounds, ...terms }),
  z.strictObject({ kind: z.literal("quantile"), column, at: z.number().min(0).max(1), ...bounds, ...terms }),
  z.strictObject({ kind: z.literal("columns"), columns, only: z.boolean(), ordered: z.boolean(), ...terms }),
  z.strictObject({ kind: z.literal("sql"), sql: text, ...terms }),
]);
