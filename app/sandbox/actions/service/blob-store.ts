import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { Files } from "#sandbox/forge/contract.ts";

export type StoredBlob = { size: number; sha256: string };

/** Bytes behind signed URLs, with as much of Azure's blob protocol as the clients speak. */
export type BlobStore = {
  /** A URL that a file can be put to, once. `done` is called with what came. */
  uploadUrl(key: string, done: (blob: StoredBlob) => void): string;
  downloadUrl(key: string, name: string, type: string): string;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
};

type Ticket =
  | { kind: "upload"; key: string; blocks: Map<string, string>; done: (blob: StoredBlob) => void }
  | { kind: "download"; key: string; name: string; type: string };

/** `base`: what the URLs start with, such as "http://127.0.0.1:4000/_blobs"; the path is account, container, blob. */
export function createBlobStore(files: Files, base: () => string): BlobStore {
  const tickets = new Map<string, Ticket>();
  const sign = (ticket: Ticket, name: string): string => {
    const id = randomUUID();
    tickets.set(id, ticket);
    return `${base()}/sandbox/${id}/${encodeURIComponent(name)}?sig=${randomUUID()}`;
  };
  return {
    uploadUrl: (key, done) => sign({ kind: "upload", key, blocks: new Map(), done }, "upload"),
    downloadUrl: (key, name, type) => sign({ kind: "download", key, name, type }, name),
    async handle(request, response) {
      const url = new URL(request.url ?? "/", "http://blobs");
      const ticket = tickets.get(url.pathname.split("/").at(-2) ?? "");
      if (ticket?.kind === "download" && (request.method === "GET" || request.method === "HEAD")) {
        await send(files, ticket, request, response);
      } else if (ticket?.kind === "upload" && request.method === "PUT") {
        await receive(files, ticket, url.searchParams, request);
        response.writeHead(201, {
          etag: `"${randomUUID()}"`,
          "last-modified": new Date().toUTCString(),
          "x-ms-request-id": randomUUID(),
          "x-ms-version": "2025-01-05",
        });
        response.end();
      } else {
        request.resume();
        response.writeHead(404, { "x-ms-error-code": "BlobNotFound" });
        response.end();
      }
    },
  };
}

async function receive(
  files: Files,
  ticket: Extract<Ticket, { kind: "upload" }>,
  query: URLSearchParams,
  request: IncomingMessage,
): Promise<void> {
  if (query.get("comp") === "block") {
    const key = `${ticket.key}.blocks/${ticket.blocks.size}-${randomUUID()}`;
    await files.put(key, request);
    ticket.blocks.set(query.get("blockid") ?? "", key);
    return;
  }
  if (query.get("comp") === "blocklist") {
    const list = [...(await text(request)).matchAll(/<(?:Latest|Uncommitted)>([^<]*)</g)].map(([, id]) => id ?? "");
    const keys = list.map((id) => ticket.blocks.get(id)).filter((key) => key !== undefined);
    const joined = async function* (): AsyncGenerator<Buffer> {
      for (const key of keys) {
        const block = await files.open(key);
        if (block !== undefined) yield* block.stream as AsyncIterable<Buffer>;
      }
    };
    const blob = await files.put(ticket.key, Readable.from(joined()));
    await Promise.all(keys.map((key) => files.remove(key)));
    ticket.done(blob);
    return;
  }
  ticket.done(await files.put(ticket.key, request));
}

async function send(
  files: Files,
  ticket: Extract<Ticket, { kind: "download" }>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = await files.open(ticket.key);
  if (found === undefined) {
    response.writeHead(404, { "x-ms-error-code": "BlobNotFound" });
    response.end();
    return;
  }
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  const start = range === null ? 0 : Number(range[1]);
  const end = range === null || range[2] === "" ? found.size - 1 : Math.min(Number(range[2]), found.size - 1);
  found.stream.destroy();
  response.writeHead(range === null ? 200 : 206, {
    "accept-ranges": "bytes",
    "content-type": ticket.type,
    "content-disposition": `attachment; filename="${ticket.name.replaceAll(/[^\w.-]/g, "_")}"`,
    "content-length": Math.max(0, end - start + 1),
    ...(range === null ? {} : { "content-range": `bytes ${start}-${end}/${found.size}` }),
  });
  if (request.method === "HEAD" || found.size === 0) response.end();
  else await pipeline(createReadStream(files.path(ticket.key), { start, end }), response);
}
