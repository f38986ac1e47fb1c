import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

export type FileDigests = { md5: string; sha256: string; size: number };

/** MD5 and SHA-256 of a file's bytes, in one reading. */
export async function hashFile(file: string, onBytes?: (read: number) => void): Promise<FileDigests> {
  // As an identity that DVC knows, never as a proof: SHA-256 stands beside it.
  const md5 = createHash("md5");
  const sha256 = createHash("sha256");
  let size = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 ** 2 })) {
    if (!(chunk instanceof Uint8Array)) continue;
    md5.update(chunk);
    sha256.update(chunk);
    size += chunk.length;
    onBytes?.(size);
  }
  return { md5: md5.digest("hex"), sha256: sha256.digest("hex"), size };
}
