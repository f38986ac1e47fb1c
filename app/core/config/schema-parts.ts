import * as z from "zod";

/**
 * Parts of the config's shape. A schema's `error` names what would be right and completes the sentences "must be …" and
 * "add …".
 */

export function text(wanted: string, pattern = /^[^\n]*\S[^\n]*$/) {
  return z
    .string({ error: wanted })
    .regex(pattern, { error: wanted })
    .max(1_000, { error: `${wanted}, at most 1,000 characters` });
}

export function command(example: string) {
  const wanted = `a shell command, such as ${JSON.stringify(example)}`;
  return z
    .string({ error: wanted })
    .regex(/\S/, { error: wanted })
    .max(20_000, { error: `${wanted}, at most 20,000 characters` });
}

export function list<T extends z.ZodType>(item: T, wanted: string) {
  return z.array(item, { error: wanted }).min(1, { error: wanted });
}

export function map<T extends z.ZodRawShape>(wanted: string, shape: T) {
  return z.strictObject(shape, { error: wanted });
}

export function whole(wanted: string, most: number) {
  return z.int({ error: wanted }).min(1, { error: wanted }).max(most, { error: wanted });
}

export const glob = text('a pattern of paths, such as "data/*.csv"');
export const column = text("the name of a column");
export const columns = list(column, "a list of columns, such as [country, device]");
export const duration = text('a duration, such as "12h", "30m" or "90s"', /^[1-9]\d{0,6}[smhd]$/);
export const days = text('a time, such as "4w", "10d" or "12h"', /^[1-9]\d{0,3}[hdw]$/);
export const modelName = text(
  "a model's name: letters, digits, - and _, at most 100, first and last a letter or digit",
  /^[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,98}[a-zA-Z0-9])?$/,
);
export const metricName = text(
  "a metric's name: a letter, then letters, digits, _ and -, at most 60",
  /^[A-Za-z][A-Za-z0-9_-]{0,59}(?:@[1-9]\d{0,3})?$/,
);
export const number = (wanted: string) => z.number({ error: wanted });

export const globs = z.union([glob, list(glob, "a list of patterns")], {
  error: "a pattern of paths or a list of them, such as [data/*.csv]",
});

export const fileSet = z.union(
  [
    glob,
    list(glob, "a list of patterns"),
    map("a map such as { last: 4, of: data/weeks/* }", {
      last: whole("a whole number of files from 1 to 10,000", 10_000),
      of: glob.meta({ description: "The files to choose from; newest means last in natural order of path" }),
    }),
  ],
  { error: "a path, a list of patterns, or { last: 4, of: data/weeks/* }" },
);

export const scalar = z.union([z.string(), z.number(), z.boolean()], { error: "a text, a number, true or false" });
