import * as z from "zod";
import type { Path } from "#core/config/yaml/read-yaml.ts";

/** The keys that a schema knows at a path; none where it knows no map there. */
export function listKeys(schema: unknown, path: Path): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return listKeys(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => listKeys(option, path));
  const [key, ...rest] = path;
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, unknown>> = schema.shape;
    return key === undefined ? Object.keys(shape) : listKeys(shape[key], rest);
  }
  if (key === undefined) return [];
  if (schema instanceof z.ZodRecord) return listKeys(schema.valueType, rest);
  return schema instanceof z.ZodArray ? listKeys(schema.element, rest) : [];
}
