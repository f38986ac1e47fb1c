import type * as z from "zod";

/** Reads JSON of this shape; throws a sentence that names `what` it is and what is wrong with it. */
export function readJson<T>(text: string, schema: z.ZodType<T>, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`Cannot read ${what}: it is no JSON`, { cause });
  }
  return readShape(value, schema, what);
}

/** The same for what has been parsed already. */
export function readShape<T>(value: unknown, schema: z.ZodType<T>, what: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? "" : ` at "${issue.path.join(".").slice(0, 200)}"`;
  throw new Error(`Cannot read ${what}: ${issue?.message ?? "it has another shape"}${place}`);
}
