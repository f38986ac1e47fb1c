import { typesOf } from "./check-schema.ts";
import { readDescription, resolveSchema, type Schema } from "./description.ts";
import { webhookSchema } from "./validate-webhook.ts";

type JsonObject = Record<string, unknown>;

const maxDepth = 9;
const standing = new WeakMap<Schema, Schema>();

/**
 * Adds to a partial object every field that a schema of the description requires, at any depth, with a value of the right
 * type: null where it may be, else the first of an enumeration, 0, false, [], "x". Fields that are there stay.
 */
export function fill(schemaName: string, partial: JsonObject): JsonObject {
  const schema = readDescription().definitions[schemaName];
  if (schema === undefined) throw new Error(`GitHub's description in the sandbox has no schema "${schemaName}"`);
  return fillObject(schema, partial, 0);
}

/** The same for the payload of a webhook. */
export function fillWebhook(event: string, action: string | null, partial: JsonObject): JsonObject {
  const schema = webhookSchema(event, action);
  if (schema === undefined)
    throw new Error(`GitHub's description in the sandbox has no webhook "${event}", action "${action}"`);
  return fillObject(schema, action === null ? partial : { action, ...partial }, 0);
}

/** A schema that stands alone: references followed, `allOf` merged into it. */
function standAlone(schema: Schema): Schema {
  let merged = standing.get(schema);
  if (merged === undefined) {
    const { allOf, ...at } = resolveSchema(schema);
    merged = allOf === undefined ? resolveSchema(schema) : allOf.map(standAlone).reduce(both, at);
    standing.set(schema, merged);
  }
  return merged;
}

/** A schema that asks for what two schemas ask for. */
function both(a: Schema, b: Schema): Schema {
  const types = [typesOf(a), typesOf(b)].filter((one) => one.length > 0);
  const names = [...new Set([...Object.keys(a.properties ?? {}), ...Object.keys(b.properties ?? {})])];
  const properties = names.map((name): [string, Schema] => {
    const parts = [a.properties?.[name], b.properties?.[name]].filter((one) => one !== undefined);
    return [name, parts.length === 1 && parts[0] !== undefined ? parts[0] : { allOf: parts }];
  });
  return {
    ...a,
    ...b,
    ...(types.length === 2 ? { type: commonTypes(types[0] ?? [], types[1] ?? []) } : {}),
    ...(a.enum !== undefined && b.enum !== undefined ? { enum: a.enum.filter((one) => b.enum?.includes(one)) } : {}),
    ...(names.length > 0 ? { properties: Object.fromEntries(properties) } : {}),
    required: [...(a.required ?? []), ...(b.required ?? [])],
  };
}

/** An integer is a number too. */
function commonTypes(a: readonly string[], b: readonly string[]): readonly string[] {
  const isIn = (type: string, types: readonly string[]): boolean =>
    types.includes(type) || (type === "integer" && types.includes("number"));
  return [...new Set([...a.filter((one) => isIn(one, b)), ...b.filter((one) => isIn(one, a))])];
}

/** `properties` and `required` of a schema, with those of the alternative that suits the value. */
function objectForm(schema: Schema, value: JsonObject): Schema {
  const { anyOf, ...at } = standAlone(schema);
  const alternatives = (anyOf ?? []).filter((one) => mayBe(one, "object"));
  const keys = Object.keys(value);
  const suiting =
    alternatives.find((one) => {
      const known = standAlone(one).properties ?? {};
      return keys.every((key) => Object.hasOwn(known, key));
    }) ?? alternatives[0];
  return suiting === undefined ? at : both(at, objectForm(suiting, value));
}

function fillObject(schema: Schema, partial: JsonObject, depth: number): JsonObject {
  const { properties = {}, required = [] } = objectForm(schema, partial);
  const filled: JsonObject = {};
  for (const [name, value] of Object.entries(partial)) {
    if (value === undefined) continue;
    const inner = Object.hasOwn(properties, name) ? properties[name] : undefined;
    filled[name] = inner === undefined ? value : fillValue(inner, value, depth + 1);
  }
  for (const name of required) {
    if (filled[name] !== undefined) continue;
    filled[name] = placeholder(properties[name] ?? {}, depth + 1);
  }
  return filled;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fillValue(schema: Schema, value: unknown, depth: number): unknown {
  if (depth > maxDepth) return value;
  if (isObject(value)) return mayBe(schema, "object") ? fillObject(schema, value, depth) : value;
  if (!Array.isArray(value)) return value;
  const at = standAlone(schema);
  const items = at.items ?? (at.anyOf ?? []).map((one) => standAlone(one).items).find((one) => one !== undefined);
  return items === undefined ? value : value.map((one) => fillValue(items, one, depth + 1));
}

function mayBe(schema: Schema, type: "null" | "object"): boolean {
  const at = standAlone(schema);
  const types = typesOf(at);
  if (types.includes(type)) return true;
  if (types.length > 0) return false;
  if (type === "object" && at.properties !== undefined) return true;
  return (at.anyOf ?? []).some((one) => mayBe(one, type));
}

function placeholder(schema: Schema, depth: number): unknown {
  const at = standAlone(schema);
  if (mayBe(at, "null")) return null;
  if (at.enum !== undefined) return at.enum[0];
  if (mayBe(at, "object")) return depth > maxDepth ? {} : fillObject(at, {}, depth);
  const alternative = at.anyOf?.[0];
  if (alternative !== undefined) return placeholder(alternative, depth);
  switch (typesOf(at)[0]) {
    case "integer":
    case "number":
      return Math.max(0, at.minimum ?? 0);
    case "boolean":
      return false;
    case "array":
      return Array.from({ length: at.minItems ?? 0 }, () => placeholder(at.items ?? {}, depth + 1));
    default:
      return placeholderText(at);
  }
}

function placeholderText({ format, minLength }: Schema): string {
  if (format === "date-time") return "2020-01-01T00:00:00Z";
  if (format === "uri") return "https://example.com/";
  return "x".repeat(Math.max(1, minLength ?? 1));
}
