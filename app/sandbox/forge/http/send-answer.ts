import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { Answer } from "#sandbox/forge/contract.ts";

/** Writes an answer: JSON with an ETag (304 where the client has it already), bytes, a stream, or nothing. Answers the status sent. */
export function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): number {
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  const { body } = answer;
  if (body instanceof Readable) {
    response.writeHead(answer.status);
    body.on("error", () => response.destroy());
    response.on("close", () => body.destroy());
    if (request.method === "HEAD") {
      body.destroy();
      response.end();
    } else body.pipe(response);
    return answer.status;
  }
  const isBytes = body instanceof Uint8Array;
  if (body !== undefined && !isBytes && !response.hasHeader("content-type")) {
    response.setHeader("content-type", "application/json; charset=utf-8");
  }
  const bytes = isBytes ? body : Buffer.from(body === undefined ? "" : toText(body));
  const reading = request.method === "GET" || request.method === "HEAD";
  let { status } = answer;
  if (reading && status === 200) {
    const etag = `W/"${createHash("sha256").update(bytes).digest("hex")}"`;
    response.setHeader("etag", etag);
    response.setHeader("cache-control", "private, max-age=60, s-maxage=60");
    if (matches(request.headers["if-none-match"], etag)) status = 304;
  }
  const silent = status === 304 || status === 204 || status === 205;
  if (silent) response.removeHeader("content-type");
  else response.setHeader("content-length", bytes.length);
  response.writeHead(status);
  response.end(silent || request.method === "HEAD" ? undefined : bytes);
  return status;
}

function toText(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}

/** Weak comparison, as If-None-Match asks for. */
function matches(header: string | undefined, etag: string): boolean {
  const plain = (one: string): string => one.trim().replace(/^W\//, "");
  return header?.split(",").some((one) => plain(one) === plain(etag)) ?? false;
}
