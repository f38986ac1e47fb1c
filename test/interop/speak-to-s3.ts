import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { objectKey } from "#core/object-store.ts";
import { s3Store } from "#store/s3/s3-store.ts";
import { fetchObject } from "#store/transfer/fetch-object.ts";
import { mustRun } from "./run.ts";

const keySchema = z.object({ id: z.string(), secret: z.string() });

/** A server of S3 that looks at signatures and rights (moto): put in parts, get, resume, list; a wrong key gets nothing. */
export async function speakToS3(bin: string, scratch: string): Promise<string> {
  const port = 20_000 + (process.pid % 20_000);
  // Three calls make a user, its rights and its key; from then on every call is judged.
  const server = spawn(join(bin, "moto_server"), ["--port", String(port)], {
    env: { ...process.env, INITIAL_NO_AUTH_ACTION_COUNT: "4" },
    stdio: "ignore",
  });
  try {
    const endpoint = `http://127.0.0.1:${port}`;
    await waitFor(endpoint);
    const maker = join(import.meta.dirname, "make-s3-key.py");
    const key = keySchema.parse(JSON.parse(await mustRun(join(bin, "python"), [maker, endpoint])));
    const address = { kind: "s3", bucket: "data", prefix: "team", endpoint, region: "us-east-1" } as const;
    const env = { AWS_ACCESS_KEY_ID: key.id, AWS_SECRET_ACCESS_KEY: key.secret };
    const store = s3Store(address, { env, partBytes: 5 * 1024 ** 2 });
    const bytes = randomBytes(12 * 1024 ** 2);
    const folder = join(scratch, "s3");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "file"), bytes);
    const [md5, sha256] = ["md5", "sha256"].map((name) => createHash(name).update(bytes).digest("hex"));
    const object = objectKey(md5 ?? "");
    await store.put(object, join(folder, "file"));
    assert.equal(await store.has(object), bytes.length);
    assert.equal(await store.has(objectKey("0".repeat(32))), undefined);
    const wanted = { keys: [object], md5, sha256, size: bytes.length, shown: "file", pointer: "file.dvc" };
    const to = join(folder, "fetched");
    await writeFile(`${to}.part`, bytes.subarray(0, 7_000_000));
    await fetchObject(store, wanted, to);
    assert.ok(bytes.equals(await readFile(to)));
    const listed: string[] = [];
    for await (const one of store.list("files/")) listed.push(one);
    assert.deepEqual(listed, [object]);
    const wrong = s3Store(address, { env: { ...env, AWS_SECRET_ACCESS_KEY: `${key.secret}x` } });
    await assert.rejects(
      async () => await fetchObject(wrong, wanted, `${to}-2`),
      /answered 403 \(SignatureDoesNotMatch\)/,
    );
    return "12 MB in 3 parts, resumed at 7 MB, SignatureDoesNotMatch for a wrong key";
  } finally {
    server.kill();
  }
}

async function waitFor(endpoint: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const up = await fetch(`${endpoint}/moto-api/`).catch(() => undefined);
    if (up !== undefined) return;
    await sleep(200);
  }
  throw new Error(`Nothing answers at ${endpoint}`);
}
