import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Files } from "#sandbox/forge/contract.ts";

const key = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

/** Files in a folder, each put in place only once it is whole. */
export function openFiles(folder: string): Files {
  const path = (name: string): string => {
    if (!key.test(name))
      throw new RangeError(`Cannot store "${name}": a key holds letters, digits, "-", "_", "." and "/"`);
    return join(folder, name);
  };
  return {
    path,
    put: async (name, bytes) => {
      const target = path(name);
      await mkdir(dirname(target), { recursive: true });
      const temporary = `${target}.${randomUUID()}.part`;
      const hash = createHash("sha256");
      let size = 0;
      const counted = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
        for await (const chunk of source) {
          hash.update(chunk);
          size += chunk.length;
          yield chunk;
        }
      };
      const source = bytes instanceof Uint8Array ? Readable.from([Buffer.from(bytes)]) : bytes;
      try {
        await pipeline(source, counted, createWriteStream(temporary));
        await rename(temporary, target);
      } finally {
        await rm(temporary, { force: true });
      }
      return { size, sha256: hash.digest("hex") };
    },
    open: async (name) => {
      const target = path(name);
      const found = await stat(target).catch(() => undefined);
      return found === undefined ? undefined : { size: found.size, stream: createReadStream(target) };
    },
    remove: async (name) => rm(path(name), { force: true }),
  };
}
