import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { elsewhere, ofRepository, webhooks } from "./openapi-wanted.ts";

/**
 * Writes app/sandbox/openapi/github.json: the operations, webhooks and schemas that the sandbox knows, cut out of GitHub's
 * OpenAPI description and rewritten from OpenAPI 3.0 to plain JSON Schema.
 *
 * Usage: npm pack @octokit/openapi@23.0.2, unpack it somewhere, then
 *   node scripts/openapi-subset.ts FOLDER/package/generated/api.github.com.json
 */

type Json = null | boolean | number | string | readonly Json[] | JsonObject;
type JsonObject = { [key: string]: Json };

/** What app/sandbox/openapi/check-schema.ts understands. */
const keywords = new Set([
  "type",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "enum",
  "format",
  "anyOf",
  "allOf",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "maxProperties",
]);

const notes = new Set([
  "discriminator",
  "description",
  "example",
  "examples",
  "title",
  "externalDocs",
  "deprecated",
  "default",
  "readOnly",
  "summary",
]);

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !isList(value);
}

function objectAt(value: Json | undefined, ...keys: readonly string[]): JsonObject {
  let at = value;
  for (const key of keys) at = isObject(at) ? at[key] : undefined;
  return isObject(at) ? at : {};
}

/** OpenAPI 3.0 → JSON Schema: `nullable` spelt out, notes dropped, references renamed. */
function rewriteSchema(schema: Json): Json {
  if (isList(schema)) return schema.map(rewriteSchema);
  if (!isObject(schema)) return schema;
  if (typeof schema["$ref"] === "string")
    return { $ref: schema["$ref"].replace("#/components/schemas/", "gh#/definitions/") };
  const out: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if (notes.has(key) || key === "nullable" || key.startsWith("x-")) continue;
    if (key === "properties" && isObject(value)) {
      out[key] = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, rewriteSchema(inner)]));
    } else if (key === "enum" || key === "required") {
      out[key] = value;
    } else {
      // several of GitHub's alternatives overlap, so that "exactly one" never holds for a real payload
      const keyword = key === "oneOf" ? "anyOf" : key;
      if (!keywords.has(keyword)) throw new Error(`check-schema.ts does not know the keyword "${keyword}"`);
      out[keyword] = rewriteSchema(value);
    }
  }
  return schema["nullable"] === true ? allowNull(out) : out;
}

function allowNull(schema: JsonObject): JsonObject {
  if (typeof schema["type"] !== "string") return { anyOf: [{ type: "null" }, schema] };
  const values = schema["enum"];
  const wider = isList(values) && !values.includes(null) ? { enum: [...values, null] } : {};
  return { ...schema, ...wider, type: [schema["type"], "null"] };
}

function jsonContent(content: JsonObject): JsonObject | undefined {
  const type = Object.keys(content).find((name) => name === "application/json") ?? Object.keys(content)[0];
  return type === undefined ? undefined : objectAt(content[type], "schema");
}

function resolve(spec: JsonObject, value: Json): JsonObject {
  const ref = objectAt(value)["$ref"];
  return typeof ref === "string" ? resolve(spec, objectAt(spec, ...ref.slice(2).split("/"))) : objectAt(value);
}

function rewriteOperation(spec: JsonObject, operation: JsonObject): JsonObject {
  const given = operation["parameters"];
  const parameters = (isList(given) ? given : []).map((parameter) => {
    const { name, in: place, required, schema, ...rest } = resolve(spec, parameter);
    const multi = rest["x-multi-segment"] === true ? { multi: true } : {};
    return {
      name: name ?? null,
      in: place ?? null,
      required: required === true,
      ...multi,
      schema: rewriteSchema(schema ?? {}),
    };
  });
  const body = resolve(spec, operation["requestBody"] ?? null);
  const bodyTypes = Object.keys(objectAt(body, "content"));
  const bodySchema = jsonContent(objectAt(body, "content"));
  const responses = Object.entries(objectAt(operation, "responses")).map(([status, response]): [string, Json] => {
    const schema = jsonContent(objectAt(resolve(spec, response), "content"));
    // an error's form is nearly always the same and checked loosely
    return [status, schema !== undefined && status < "300" ? rewriteSchema(schema) : null];
  });
  return {
    id: operation["operationId"] ?? "",
    parameters,
    ...(bodySchema === undefined
      ? {}
      : { body: { required: body["required"] === true, type: bodyTypes[0] ?? "", schema: rewriteSchema(bodySchema) } }),
    responses: Object.fromEntries(responses),
  };
}

/** Names a schema that occurs twice or more and is long, so that it is written once. */
function shareRepeated(root: JsonObject): JsonObject {
  const counts = new Map<string, number>();
  const count = (value: Json): void => {
    if (isList(value)) return value.forEach(count);
    if (!isObject(value)) return;
    const text = JSON.stringify(value);
    if (text.length > 300 && isSchema(value)) {
      const seen = counts.get(text) ?? 0;
      counts.set(text, seen + 1);
      if (seen > 0) return;
    }
    Object.values(value).forEach(count);
  };
  count(root);
  const shared: JsonObject = {};
  const share = (value: Json, top: boolean): Json => {
    if (isList(value)) return value.map((inner) => share(inner, false));
    if (!isObject(value)) return value;
    const text = JSON.stringify(value);
    const inner = (): JsonObject =>
      Object.fromEntries(Object.entries(value).map(([key, one]) => [key, share(one, false)]));
    if (top || (counts.get(text) ?? 0) < 2) return inner();
    const name = `shared-${createHash("sha256").update(text).digest("hex").slice(0, 10)}`;
    shared[name] ??= inner();
    return { $ref: `gh#/definitions/${name}` };
  };
  const eachTop = (part: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(part).map(([name, value]) => [name, share(value, true)]));
  const definitions = eachTop(objectAt(root, "definitions"));
  const hooks = eachTop(objectAt(root, "webhooks"));
  const operations = eachTop(objectAt(root, "operations"));
  return { ...root, operations, webhooks: hooks, definitions: { ...definitions, ...shared } };
}

function isSchema(value: JsonObject): boolean {
  return value["type"] === "object" && isObject(value["properties"]);
}

function referencesOf(value: Json): readonly string[] {
  return [...JSON.stringify(value).matchAll(/"\$ref":"gh#\/definitions\/([^"]+)"/g)].map((match) => match[1] ?? "");
}

function cutSubset(spec: JsonObject): JsonObject {
  const operations: JsonObject = {};
  const wanted = [
    ...elsewhere,
    ...ofRepository.map(([methods, path]) => [methods, `/repos/{owner}/{repo}${path}`] as const),
  ];
  for (const [methods, pattern] of wanted) {
    const prefix = pattern.endsWith("/…") ? pattern.slice(0, -1) : undefined;
    const paths =
      prefix === undefined ? [pattern] : Object.keys(objectAt(spec, "paths")).filter((path) => path.startsWith(prefix));
    for (const path of paths) {
      for (const method of methods.split(" ")) {
        const operation = objectAt(spec, "paths", path)[method];
        if (isObject(operation)) operations[`${method.toUpperCase()} ${path}`] = rewriteOperation(spec, operation);
        else if (prefix === undefined) throw new Error(`The description has no operation "${method} ${path}"`);
      }
    }
  }
  mendInstallations(operations);
  const hooks: JsonObject = {};
  for (const [event, actions] of Object.entries(webhooks)) {
    for (const action of actions.split(" ")) {
      const name = action === "" ? event : `${event}.${action}`;
      // the action of a repository_dispatch is anybody's choice: the description shows it by a sample
      const key =
        name === "repository_dispatch" ? "repository-dispatch-sample.collected" : name.replaceAll(/[_.]/g, "-");
      const schema = jsonContent(objectAt(spec, "x-webhooks", key, "post", "requestBody", "content"));
      if (schema === undefined) throw new Error(`The description has no webhook "${key}"`);
      hooks[name] = rewriteSchema(schema);
    }
  }
  const definitions: JsonObject = {};
  const queue = [...referencesOf(operations), ...referencesOf(hooks)];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (definitions[name] !== undefined) continue;
    const schema = rewriteSchema(objectAt(spec, "components", "schemas", name));
    definitions[name] = schema;
    queue.push(...referencesOf(schema));
  }
  return shareRepeated({ source: "@octokit/openapi 23.0.2", operations, webhooks: hooks, definitions });
}

/** In this list alone the description wants each account to be a person and an enterprise at once. */
function mendInstallations(operations: JsonObject): void {
  const responses = objectAt(operations, "GET /app/installations", "responses");
  responses["200"] = { type: "array", items: { $ref: "gh#/definitions/installation" } };
}

/** One entry a line: small, and a difference can be read. */
function print(subset: JsonObject): string {
  const part = (name: string): string =>
    `"${name}":{\n${Object.entries(objectAt(subset, name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
      .join(",\n")}\n}`;
  return `{"source":${JSON.stringify(subset["source"])},\n${["operations", "webhooks", "definitions"].map(part).join(",\n")}}\n`;
}

const file = process.argv[2];
if (file === undefined)
  throw new Error("Name the file: node scripts/openapi-subset.ts FOLDER/package/generated/api.github.com.json");
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON.parse gives JSON
const subset = cutSubset(JSON.parse(readFileSync(file, "utf8")) as JsonObject);
writeFileSync(new URL("../app/sandbox/openapi/github.json", import.meta.url), print(subset));
