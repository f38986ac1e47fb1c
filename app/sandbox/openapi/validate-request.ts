import { checkSchema, type Violation } from "./check-schema.ts";
import { readDescription, type Operation, type Parameter, type Schema } from "./description.ts";
import { unknownFields } from "./unknown-fields.ts";

type RequestPart = "path" | "query" | "body";
export type RequestViolation = Violation & { part: RequestPart };

/** What a caller sent. `body`: undefined where nothing was sent or it is no JSON. */
export type SentRequest = {
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  body: unknown;
};

/** Where a request leaves GitHub's description of the operation ("METHOD /path/{template}"); [] when it does not. */
export function validateRequest(key: string, request: SentRequest): readonly RequestViolation[] {
  const operation = readDescription().operations[key];
  if (operation === undefined)
    throw new Error(`The sandbox's description has no operation "${key}": add it to scripts/openapi-subset.ts`);
  return [
    ...checkParameters(operation, "path", request.params),
    ...checkParameters(operation, "query", request.query),
    ...checkBody(operation, request.body),
  ];
}

function checkParameters(
  operation: Operation,
  part: "path" | "query",
  given: Readonly<Record<string, string>>,
): readonly RequestViolation[] {
  const known = operation.parameters.filter((parameter) => parameter.in === part);
  const unknown = Object.keys(given)
    .filter((name) => part === "query" && !known.some((parameter) => parameter.name === name))
    .map((name) => ({ part, kind: "unknown", path: name, wanted: "", value: given[name] }) as const);
  const wrong = known.flatMap((parameter): readonly RequestViolation[] => {
    const text = Object.hasOwn(given, parameter.name) ? given[parameter.name] : undefined;
    if (text !== undefined) return checkText(parameter, text).map((one) => ({ ...one, part }));
    if (!parameter.required || part === "path") return [];
    return [{ part, kind: "missing", path: parameter.name, wanted: "", value: undefined }];
  });
  return [...unknown, ...wrong];
}

/** A text is right if it is so as the text, number or boolean that it may stand for. */
function checkText(parameter: Parameter, text: string): readonly Violation[] {
  // GitHub takes a page that is no number for the default
  if (parameter.name === "page" || parameter.name === "per_page") return [];
  const readings: readonly unknown[] = [
    text,
    ...(/^-?\d+$/.test(text) ? [Number(text)] : []),
    ...(text === "true" || text === "false" ? [text === "true"] : []),
  ];
  const results = readings.map((reading) => checkSchema(parameter.schema, reading));
  if (results.some((result) => result.length === 0)) return [];
  return (results[0] ?? []).map((one) => ({ ...one, path: parameter.name, value: text }));
}

function checkBody(operation: Operation, body: unknown): readonly RequestViolation[] {
  const described = operation.body;
  const nothing: Schema = { type: "object", properties: {} };
  if (described === undefined) {
    if (typeof body !== "object" || body === null) return [];
    return Object.keys(body).map((name) => ({
      part: "body",
      kind: "unknown",
      path: name,
      wanted: "",
      value: undefined,
    }));
  }
  if (!described.type.endsWith("json")) return [];
  if (body === undefined && !described.required) return [];
  const sent = body ?? {};
  const found = [...checkSchema(described.schema ?? nothing, sent), ...unknownFields(described.schema, sent)];
  return found.map((one) => ({ ...one, part: "body" }));
}
