import { open, stat } from "node:fs/promises";
import {
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { ObjectStore } from "#core/object-store.ts";
import { explainS3Error, isNotFound } from "./explain-s3-error.ts";
import type { S3Address } from "#core/store-address.ts";
import { createS3Client, readCredentials } from "./s3-client.ts";
import { putInParts } from "./put-in-parts.ts";

export type S3Options = {
  env: Readonly<Record<string, string | undefined>>;
  /** how long a connection may say nothing */
  timeoutMs?: number;
  /** files above this size go up in parts of it; S3 takes parts of 5 MiB at least, and 10,000 of them */
  partBytes?: number;
};

/** A bucket of S3, or of whatever speaks like it, as a store. */
export function s3Store(address: S3Address, options: S3Options): ObjectStore {
  const { timeoutMs = 60_000, partBytes = 64 * 1024 ** 2 } = options;
  const signed = readCredentials(options.env) !== undefined;
  const client: S3Client = createS3Client(address, options.env, timeoutMs);
  const { bucket, prefix } = address;
  const name = `"s3://${bucket}${prefix === "" ? "" : `/${prefix}`}"${address.endpoint === undefined ? "" : ` at ${hostOf(address.endpoint)}`}`;
  const place = (key: string): { Bucket: string; Key: string } => ({
    Bucket: bucket,
    Key: prefix === "" ? key : `${prefix}/${key}`,
  });
  const explain = (what: string) => (error: unknown) => explainS3Error(error, what, name, signed);
  return {
    name,
    async has(key, signal) {
      try {
        const head = await client.send(new HeadObjectCommand(place(key)), abortable(signal));
        return head.ContentLength ?? 0;
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw explain(`look for "${key}" in`)(error);
      }
    },
    async get(key, from, signal) {
      try {
        const range = from === 0 ? {} : { Range: `bytes=${from}-` };
        const answer = await client.send(new GetObjectCommand({ ...place(key), ...range }), abortable(signal));
        const [, first, all] = /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.ContentRange ?? "") ?? [];
        const size = all === undefined ? answer.ContentLength : Number(all);
        return { from: Number(first ?? 0), size, stream: explained(answer.Body, explain(`read "${key}" of`)) };
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw explain(`read "${key}" of`)(error);
      }
    },
    async put(key, file, onBytes) {
      try {
        const { size } = await stat(file);
        if (size > partBytes) return await putInParts(client, place(key), { file, size, partBytes, onBytes });
        const handle = await open(file);
        try {
          await client.send(
            new PutObjectCommand({ ...place(key), Body: await handle.readFile(), ContentLength: size }),
          );
        } finally {
          await handle.close();
        }
        onBytes?.(size);
      } catch (error) {
        throw explain(`write "${key}" to`)(error);
      }
    },
    async *list(start) {
      const cut = prefix === "" ? 0 : prefix.length + 1;
      try {
        const { Key: Prefix } = place(start);
        for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix }))
          for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key.slice(cut);
      } catch (error) {
        throw explain("list")(error);
      }
    },
  };
}

const abortable = (signal: AbortSignal | undefined): { abortSignal?: AbortSignal } =>
  signal === undefined ? {} : { abortSignal: signal };

async function* explained(body: unknown, explain: (error: unknown) => Error): AsyncGenerator<Uint8Array> {
  if (!isBytes(body)) throw explain(new Error("the answer has no body"));
  try {
    yield* body;
  } catch (error) {
    throw explain(error);
  }
}

function isBytes(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

/** The host of an endpoint: whatever else an address can hold may be a secret. */
function hostOf(endpoint: string): string {
  try {
    return new URL(endpoint).host;
  } catch {
    return "its endpoint";
  }
}
