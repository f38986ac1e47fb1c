import * as z from "zod";
import { column, columns, duration, list, map, number, scalar, text } from "#core/config/schema-parts.ts";

const yes = z.literal(true, { error: "true; leave it out otherwise" });

const bound = z.number({ error: "a number, or null where that side is open" }).nullable();
const bounds = (example: string) =>
  z.tuple([bound, bound], { error: `two numbers, such as ${example}; null leaves a side open` });
const count = (example: string) =>
  z.union([z.int().min(0), bounds(example)], { error: `a whole number, or two, such as ${example}` });

/** One entry of `expect:`, as people write it. */
export const expectationSchema = map("a map such as { column: age, between: [0, 120] }", {
  column: column.optional(),
  "not-null": yes.optional().meta({ description: "No cell is empty or NaN" }),
  unique: z
    .union([yes, columns], { error: "true, or without column a list of columns, such as [store, day]" })
    .optional()
    .meta({ description: "No value is there twice; with a list, no two rows are equal in all of its columns" }),
  between: z.tuple([bound, bound], { error: "two numbers, such as [0, 120]" }).optional(),
  in: list(scalar, "a list of values, such as [web, app]").optional(),
  "not-in": list(scalar, "a list of values, such as [test, unknown]").optional(),
  matches: text('a regular expression, such as "^[A-Z]{2}$"')
    .optional()
    .meta({ description: "RE2, found anywhere in the value: ^ and $ hold it to all of it" }),
  length: count("[2, 3]").optional().meta({ description: "Characters of the value" }),
  type: z.enum(["integer", "number", "boolean", "date", "timestamp", "text"]).optional(),
  "row-count": count("[1000, null]").optional().meta({ description: "How many rows there are" }),
  freshness: duration.optional().meta({ description: "The newest time in the column is at most this old" }),
  references: map("a map such as { file: data/items.csv, column: id }", {
    file: text('a path, such as "data/items.csv"').meta({ description: "One of the inputs" }),
    column,
  })
    .optional()
    .meta({ description: "Every value is one of that file's column" }),
  monotonic: z
    .enum(["increasing", "strictly-increasing", "decreasing", "strictly-decreasing"])
    .optional()
    .meta({ description: "In the order of files and rows" }),
  sum: bounds("[0, 1000]").optional(),
  mean: bounds("[10, 20]").optional(),
  quantile: map("a map such as { at: 0.5, between: [10, 20] }", {
    at: number("a share from 0 to 1, such as 0.5")
      .min(0, { error: "a share from 0 to 1, such as 0.5" })
      .max(1, { error: "a share from 0 to 1, such as 0.5" }),
    between: bounds("[10, 20]"),
  }).optional(),
  columns: columns.optional().meta({ description: "These columns are there" }),
  only: yes.optional().meta({ description: "With columns: there are no others" }),
  ordered: yes.optional().meta({ description: "With columns: they come in this order" }),
  sql: text('a condition in SQL, such as "sum(price) > 0"')
    .optional()
    .meta({ description: "True of each row, or one aggregate that is true of all" }),
  mostly: number("a share above 0 and at most 1, such as 0.99")
    .gt(0, { error: "a share above 0 and at most 1, such as 0.99" })
    .max(1, { error: "a share above 0 and at most 1, such as 0.99" })
    .optional()
    .meta({ description: "The share of rows that must hold it. Default: 1" }),
  where: text("a condition in SQL over one row, such as \"country = 'FR'\"")
    .optional()
    .meta({ description: "It speaks of these rows only" }),
  level: z.enum(["warn", "fail"]).optional().meta({ description: "warn is shown and blocks nothing. Default: fail" }),
});
