import { resolveSchema, type Schema } from "./description.ts";

type ViolationKind = "unknown" | "missing" | "type" | "enum" | "length" | "items" | "other";

/** One thing that is not as GitHub describes it. */
export type Violation = {
  kind: ViolationKind;
  /** where, such as "output/annotations/0/path"; "" for the whole */
  path: string;
  /** the limit, the wanted type, the possible values, as text */
  wanted: string;
  value: unknown;
};

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/;

/**
 * Checks a value against a schema of the description; [] when clean. It interprets: compiling the few hundred schemas that
 * a run touches costs more than checking everything the run ever sends. A field that is `undefined` is not there.
 */
export function checkSchema(schema: Schema, value: unknown, path = ""): readonly Violation[] {
  const at = resolveSchema(schema);
  const types = typesOf(at);
  if (types.length > 0 && !types.some((type) => isOfType(value, type)))
    return [{ kind: "type", path, wanted: types.join(" or "), value }];
  return [
    ...(at.enum === undefined || at.enum.includes(value)
      ? []
      : [{ kind: "enum", path, wanted: at.enum.join(", "), value } as const]),
    ...(typeof value === "string" ? checkText(at, value, path) : []),
    ...(typeof value === "number" ? checkNumber(at, value, path) : []),
    ...(Array.isArray(value) ? checkItems(at, value, path) : []),
    ...(isObject(value) ? checkFields(at, value, path) : []),
    ...(at.allOf ?? []).flatMap((one) => checkSchema(one, value, path)),
    ...(at.anyOf === undefined ? [] : checkAlternatives(at.anyOf, value, path)),
  ];
}

/** The types that a schema allows; [] where it does not say. */
export function typesOf({ type }: Schema): readonly string[] {
  return type === undefined ? [] : typeof type === "string" ? [type] : type;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "integer":
      return Number.isInteger(value);
    case "number":
      return Number.isFinite(value);
    default:
      return typeof value === type;
  }
}

function checkText(schema: Schema, text: string, path: string): readonly Violation[] {
  // JSON Schema counts characters, not UTF-16 units
  const isOver = (limit: number): boolean => text.length > limit && Array.from(text).length > limit;
  const found: Violation[] = [];
  if (schema.maxLength !== undefined && isOver(schema.maxLength))
    found.push({ kind: "length", path, wanted: String(schema.maxLength), value: text });
  if (schema.minLength !== undefined && text.length < schema.minLength)
    found.push({ kind: "other", path, wanted: `needs ${schema.minLength} characters`, value: text });
  // GitHub's own default for a link that is not there is ""
  const malformed =
    (schema.format === "date-time" && !(dateTime.test(text) && !Number.isNaN(Date.parse(text)))) ||
    (schema.format === "uri" && text !== "" && !URL.canParse(text));
  if (malformed) found.push({ kind: "other", path, wanted: `is not a valid ${schema.format ?? ""}`, value: text });
  return found;
}

function checkNumber(schema: Schema, number: number, path: string): readonly Violation[] {
  const { minimum = -Infinity, maximum = Infinity } = schema;
  if (number < minimum) return [{ kind: "other", path, wanted: `must be at least ${minimum}`, value: number }];
  if (number > maximum) return [{ kind: "other", path, wanted: `must be at most ${maximum}`, value: number }];
  return [];
}

function checkItems(schema: Schema, items: readonly unknown[], path: string): readonly Violation[] {
  const found: Violation[] = [];
  if (schema.maxItems !== undefined && items.length > schema.maxItems)
    found.push({ kind: "items", path, wanted: String(schema.maxItems), value: items });
  if (schema.minItems !== undefined && items.length < schema.minItems)
    found.push({ kind: "other", path, wanted: `needs ${schema.minItems} items`, value: items });
  const each = schema.items;
  if (each === undefined) return found;
  return [...found, ...items.flatMap((item, index) => checkSchema(each, item, inside(path, index)))];
}

function checkFields(schema: Schema, object: Readonly<Record<string, unknown>>, path: string): readonly Violation[] {
  const found: Violation[] = (schema.required ?? [])
    .filter((name) => object[name] === undefined)
    .map((name) => ({ kind: "missing", path: inside(path, name), wanted: "", value: undefined }));
  const names = Object.keys(object).filter((name) => object[name] !== undefined);
  if (schema.maxProperties !== undefined && names.length > schema.maxProperties)
    found.push({ kind: "items", path, wanted: String(schema.maxProperties), value: object });
  for (const name of names) {
    const known = schema.properties !== undefined && Object.hasOwn(schema.properties, name);
    const one = known ? schema.properties?.[name] : schema.additionalProperties;
    if (one === false) found.push({ kind: "unknown", path: inside(path, name), wanted: "", value: object[name] });
    else if (typeof one === "object") found.push(...checkSchema(one, object[name], inside(path, name)));
  }
  return found;
}

/** What the nearest alternative says: the one of the right type with the fewest violations. */
function checkAlternatives(alternatives: readonly Schema[], value: unknown, path: string): readonly Violation[] {
  let nearest: readonly Violation[] | undefined;
  for (const alternative of alternatives) {
    const found = checkSchema(alternative, value, path);
    if (found.length === 0) return [];
    if (nearest === undefined || distance(found, path) < distance(nearest, path)) nearest = found;
  }
  return nearest ?? [];
}

function distance(violations: readonly Violation[], path: string): number {
  const isWrongAltogether = violations.some((one) => one.path === path && one.kind === "type");
  return violations.length + (isWrongAltogether ? 1000 : 0);
}

function inside(path: string, name: string | number): string {
  return path === "" ? String(name) : `${path}/${name}`;
}
