import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { ServiceError } from "#core/ports.ts";
import { ask, type Act } from "./explain-error.ts";

export type Download = { act: Act; to: string; maxBytes: number };

const attempts = 3;

/**
 * Streams an answer's bytes to a file. `open` asks GitHub with `downloading` options; where it points elsewhere, the
 * token does not go along. A connection that breaks half-way is tried again from the start.
 */
export async function download(
  order: Download,
  open: () => Promise<{ status: number; headers: { location?: string | undefined }; data: unknown }>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask(order.act, open);
    const body =
      answer.status >= 300 && answer.status < 400 ? await follow(order, answer.headers.location) : answer.data;
    try {
      return await pipeline(asStream(body, order), limit(order), createWriteStream(order.to));
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      if (attempt === attempts)
        throw new ServiceError("unreachable", `Cannot ${order.act.act}: the connection broke ${attempts} times`, {
          cause: error,
        });
    }
  }
}

/** Request options: the answer is not read into memory, and a redirect is ours to follow. */
export const downloading = { parseSuccessResponseBody: false, redirect: "manual" } as const;

async function follow({ act }: Download, location: string | undefined): Promise<unknown> {
  if (location === undefined)
    throw new ServiceError("broken", `Cannot ${act.act}: GitHub points elsewhere without saying where`);
  let response: Response;
  try {
    response = await fetch(location);
  } catch (cause) {
    throw new ServiceError("unreachable", `Cannot ${act.act}: the place that GitHub points to does not answer`, {
      cause,
    });
  }
  if (response.ok) return response.body;
  const code = response.status === 404 || response.status === 410 ? "not-found" : "unreachable";
  throw new ServiceError(code, `Cannot ${act.act}: the place that GitHub points to answered ${response.status}`);
}

function asStream(body: unknown, { act }: Download): Readable {
  if (body === null || body === "" || body === undefined) return Readable.from([]);
  if (isWebStream(body)) return Readable.fromWeb(body);
  throw new ServiceError("broken", `Cannot ${act.act}: the answer is no stream of bytes`);
}

function isWebStream(body: unknown): body is ReadableStream<Uint8Array> {
  return body instanceof globalThis.ReadableStream;
}

function limit({ act, maxBytes }: Download): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size <= maxBytes) return done(null, chunk);
      done(new ServiceError("refused", `Cannot ${act.act}: it is larger than ${maxBytes} bytes`));
    },
  });
}
