import { createHash, randomUUID } from "node:crypto";
import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflate } from "node:zlib";
import type { ObjectKind } from "./object-reader.ts";

const compress = promisify(deflate);

/** Writes one object into a bare repository as git itself would, and answers its id. Writing it again changes nothing. */
export async function writeObject(gitFolder: string, kind: ObjectKind, bytes: Buffer): Promise<string> {
  const whole = Buffer.concat([Buffer.from(`${kind} ${bytes.length}\0`), bytes]);
  const sha = createHash("sha1").update(whole).digest("hex");
  const folder = join(gitFolder, "objects", sha.slice(0, 2));
  const path = join(folder, sha.slice(2));
  if (await exists(path)) return sha;
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `tmp_obj_${randomUUID()}`);
  await writeFile(temporary, await compress(whole, { level: 1 }), { mode: 0o444 });
  await rename(temporary, path);
  return sha;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
