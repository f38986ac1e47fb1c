import type { Violation } from "./check-schema.ts";
import { resolveSchema, type Schema } from "./description.ts";

/**
 * Fields of a request's body that the description does not know, at any depth. JSON Schema itself lets them pass; a
 * misspelt field of ours must not.
 */
export function unknownFields(schema: Schema, value: unknown, path = ""): readonly Violation[] {
  const branches = flatten(schema);
  if (Array.isArray(value)) {
    const items = branches.flatMap(({ items: one }) => (one === undefined ? [] : [one]));
    if (items.length === 0) return [];
    return value.flatMap((inner, index) => unknownFields({ anyOf: items }, inner, join(path, index)));
  }
  if (typeof value !== "object" || value === null || isFreeForm(schema, branches)) return [];
  return Object.entries(value).flatMap(([name, inner]): readonly Violation[] => {
    const known = branches.flatMap(({ properties }) => {
      const one = properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
      return one === undefined ? [] : [one];
    });
    const at = join(path, name);
    if (known.length === 0) return [{ kind: "unknown", path: at, wanted: "", value: inner }];
    return unknownFields({ anyOf: known }, inner, at);
  });
}

function join(path: string, name: string | number): string {
  return path === "" ? String(name) : `${path}/${name}`;
}

function flatten(schema: Schema): readonly Schema[] {
  const at = resolveSchema(schema);
  return [at, ...[...(at.anyOf ?? []), ...(at.allOf ?? [])].flatMap(flatten)];
}

/** Takes any field: says so itself, or names none. An alternative that only ties fields together does not count. */
function isFreeForm(schema: Schema, branches: readonly Schema[]): boolean {
  const top = resolveSchema(schema);
  const saying = top.properties === undefined ? branches : [top];
  if (saying.some((one) => one.additionalProperties !== undefined && one.additionalProperties !== false)) return true;
  return branches.every((one) => one.properties === undefined);
}
