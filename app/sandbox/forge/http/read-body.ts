import type { IncomingMessage } from "node:http";
import { githubError, type JsonObject } from "#sandbox/forge/contract.ts";

/** GitHub takes blobs of up to 100 MB as base64 */
const cap = 140 * 1024 * 1024;

/** The JSON object in a request's body; none is `{}`. Throws 400 as GitHub does. */
export async function readBody(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no encoding is set: chunks are Buffers
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > cap) throw githubError(413, "Payload too big");
    chunks.push(bytes);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw githubError(400, "Problems parsing JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw githubError(400, "Body should be a JSON object");
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an object, as just checked
  return value as JsonObject;
}
