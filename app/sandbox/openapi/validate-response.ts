import { Readable } from "node:stream";
import { checkSchema } from "./check-schema.ts";
import { readDescription, type Schema } from "./description.ts";
import { sayUnclean } from "./say-unclean.ts";

/**
 * Where an answer of the sandbox leaves GitHub's description, as sentences; [] when clean. Success is checked strictly:
 * the status must be described, the body must fit. Errors only need a message, as GitHub describes few of them. Bytes,
 * and JSON in another media type than the usual one, are not described.
 */
export function validateResponse(
  key: string,
  response: { status: number; body: unknown; accept: string },
): readonly string[] {
  const operation = readDescription().operations[key];
  const { status, body, accept } = response;
  if (operation === undefined) return [`${key}: the sandbox's description has no such operation`];
  if (status === 304 || body instanceof Uint8Array || body instanceof Readable) return [];
  if (status >= 400) return hasMessage(body) ? [] : [`${key}: the error ${status} has no message`];
  if (status >= 300) return [];
  const schema: Schema | null | undefined = operation.responses[String(status)];
  if (schema === undefined)
    return [`${key}: answers ${status}, described are ${Object.keys(operation.responses).join(", ")}`];
  if (/\b(?:object|raw|diff|patch|sha|html|octet-stream)\b/.test(accept) && !accept.includes("*/*")) return [];
  if (schema === null)
    return body === undefined || isEmptyObject(body) ? [] : [`${key}: ${status} has a body, none is described`];
  if (typeof body === "string") return [];
  return checkSchema(schema, body).map((one) => `${key} ${status}: ${sayUnclean(one)}`);
}

function hasMessage(body: unknown): boolean {
  return typeof body === "object" && body !== null && "message" in body && typeof body.message === "string";
}

function isEmptyObject(body: unknown): boolean {
  return typeof body === "object" && body !== null && Object.keys(body).length === 0;
}
