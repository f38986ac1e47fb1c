import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { objectKey, type ObjectStore } from "#core/object-store.ts";
import { s3Store } from "#store/s3/s3-store.ts";
import { fetchObject, type Wanted } from "#store/transfer/fetch-object.ts";
import { pushOut } from "#store/transfer/push-out.ts";
import { faultyProxy, type Fault, type FaultyProxy } from "./faulty-proxy.ts";
import { isSigned } from "./is-signed.ts";

const keys = { AWS_ACCESS_KEY_ID: "S3RVER", AWS_SECRET_ACCESS_KEY: "S3RVER" };
const hasty = { attempts: 3, pauseMs: 1, stallMs: 150 };
const folder = mkdtempSync(join(tmpdir(), "trainyard-s3-"));
const bytes = randomBytes(300_000);
const digest = (name: string): string => createHash(name).update(bytes).digest("hex");
const wanted: Wanted = {
  keys: [objectKey(digest("md5"))],
  md5: digest("md5"),
  sha256: digest("sha256"),
  size: bytes.length,
  shown: "data/train.csv",
  pointer: "data/train.csv.dvc",
};

let server: S3rver;
let proxy: FaultyProxy;
let store: ObjectStore;
let to: string;
let runs = 0;

function open(
  env: Readonly<Record<string, string>>,
  more: { bucket?: string; partBytes?: number; timeoutMs?: number } = {},
): ObjectStore {
  const { bucket = "data", ...options } = more;
  return s3Store(
    { kind: "s3", bucket, prefix: "some/place", endpoint: proxy.url },
    { env, timeoutMs: 2_000, ...options },
  );
}

beforeAll(async () => {
  server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory: join(folder, "server"),
    configureBuckets: [{ name: "data" }],
  });
  // The server looks at the key's id alone, so the proxy looks at the signature. No signature at all is S3's "anonymous".
  proxy = await faultyProxy(
    await server.run(),
    (from) => from.headers.authorization === undefined || isSigned(from, keys.AWS_SECRET_ACCESS_KEY),
  );
  store = open(keys);
  writeFileSync(join(folder, "file"), bytes);
  await store.put(objectKey(digest("md5")), join(folder, "file"));
});
afterAll(async () => {
  await proxy.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  proxy.faults.length = 0;
  proxy.seen.length = 0;
  to = join(folder, `run-${++runs}`, "object");
});

const fetchIt = async (what: Partial<Wanted> = {}, from = store): Promise<unknown> =>
  await fetchObject(from, { ...wanted, ...what }, to, { patience: hasty });
/** nothing stands under the name that somebody would read */
const expectNothing = (): void => expect(existsSync(to)).toBe(false);

/** The connection breaks after so many bytes, once some of them have come. */
function cut(after: number): Fault {
  const before = sizeOf(`${to}.part`);
  return { kind: "cut", after, when: () => sizeOf(`${to}.part`) > before };
}
const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

describe("a bucket as a store", () => {
  it("has, lists and gives back what was put, byte for byte", async () => {
    expect(await store.has(objectKey(digest("md5")))).toBe(bytes.length);
    expect(await store.has(objectKey("0".repeat(32)))).toBeUndefined();
    const listed: string[] = [];
    for await (const key of store.list("files/md5/")) listed.push(key);
    expect(listed).toEqual([objectKey(digest("md5"))]);
    await fetchIt();
    expect(readFileSync(to).equals(bytes)).toBe(true);
  });

  it("says of a wrong key what is wrong, without the key", async () => {
    const wrong = open({ ...keys, AWS_SECRET_ACCESS_KEY: "hunter2-hunter2" });
    const said = await fetchIt({}, wrong).catch(String);
    expect(said).toMatch(
      /Cannot fetch "data\/train.csv" of the pointer "data\/train.csv.dvc" \(md5 [0-9a-f]{32}\) from "s3:\/\/data\/some\/place" at 127.0.0.1:\d+: .* answered 403 \(SignatureDoesNotMatch\); check AWS_ACCESS_KEY_ID/,
    );
    expect(said).not.toContain("hunter2");
    expect(proxy.seen).toHaveLength(1);
    expectNothing();
  });

  it("says of a key that the server does not know that it is wrong", async () => {
    await expect(fetchIt({}, open({ ...keys, AWS_ACCESS_KEY_ID: "WHO" }))).rejects.toThrow(
      /answered 403 \(InvalidAccessKeyId\)/,
    );
  });

  it("sends no signature where the environment has no credentials", async () => {
    await fetchIt({}, open({}));
    expect(readFileSync(to).equals(bytes)).toBe(true);
  });

  it("says that there is no such bucket", async () => {
    await expect(fetchIt({}, open(keys, { bucket: "other" }))).rejects.toThrow(
      /there is no such bucket; check its name/,
    );
  });

  it("says of an object that is gone where it was looked for, and what to do", async () => {
    await expect(fetchIt({ keys: [objectKey("0".repeat(32))] })).rejects.toThrow(
      /it is not there; push it from where it was added/,
    );
    expectNothing();
  });

  it("asks again after a 503, and gives up after a few", async () => {
    proxy.faults.push({ kind: "answer", status: 503 }, { kind: "answer", status: 503 });
    await fetchIt();
    expect(readFileSync(to).equals(bytes)).toBe(true);
    rmSync(to);
    proxy.faults.push(...Array.from({ length: 3 }, () => ({ kind: "answer", status: 503 }) as const));
    await expect(fetchIt()).rejects.toThrow(/answered 503 .*\(tried 3 times\); start again/);
    expectNothing();
  });

  it("goes on where a connection broke, by range", async () => {
    proxy.faults.push(cut(100_000));
    await fetchIt();
    expect(proxy.seen).toEqual(["GET", expect.stringMatching(/^GET bytes=[1-9]\d*-$/)]);
    expect(readFileSync(to).equals(bytes)).toBe(true);
  });

  it("goes on where an earlier process broke off", async () => {
    proxy.faults.push(cut(50_000), cut(60_000), cut(70_000));
    await expect(fetchIt()).rejects.toThrow(/closed the connection|connection failed/);
    expectNothing();
    proxy.seen.length = 0;
    await fetchIt();
    expect(proxy.seen[0]).toMatch(/^GET bytes=[1-9]\d*-$/);
    expect(readFileSync(to).equals(bytes)).toBe(true);
  });

  it("waits for a silent server so long and no longer", async () => {
    proxy.faults.push(...Array.from({ length: 3 }, () => ({ kind: "stall", after: 10_000 }) as const));
    await expect(fetchIt()).rejects.toThrow(/sent nothing for 0\.\d seconds \(tried 3 times\)/);
    expectNothing();
    await fetchIt();
    expect(readFileSync(to).equals(bytes)).toBe(true);
  });

  it("does not wait for ever to hear whether an object is there, or was taken", async () => {
    const impatient = open(keys, { timeoutMs: 100 });
    proxy.faults.push({ kind: "silence" }, { kind: "silence" });
    await expect(impatient.has("files/md5/ab/cd")).rejects.toThrow(/does not answer in time/);
    await expect(impatient.put("files/md5/ab/cd", join(folder, "file"))).rejects.toThrow(/does not answer in time/);
  });

  it("refuses a truncated object, with and without a known size", async () => {
    writeFileSync(join(folder, "short"), bytes.subarray(0, 1_000));
    const key = objectKey("1".repeat(32));
    await store.put(key, join(folder, "short"));
    await expect(fetchIt({ keys: [key] })).rejects.toThrow(/it has 1000 bytes there, and the pointer says 300000/);
    await expect(fetchIt({ keys: [key], size: undefined })).rejects.toThrow(/its bytes do not match: their MD5 is/);
    await expect(fetchIt({ keys: [key], size: undefined, md5: undefined })).rejects.toThrow(/their SHA-256 is/);
    expectNothing();
    expect(readdirSync(join(to, ".."))).toEqual([]);
  });

  it("throws a part away that does not belong to the object", async () => {
    proxy.faults.push(cut(50_000), cut(60_000), cut(70_000));
    await expect(fetchIt()).rejects.toThrow();
    writeFileSync(`${to}.part`, "somebody else wrote this");
    await fetchIt();
    expect(readFileSync(to).equals(bytes)).toBe(true);
  });

  it("sends a large file in parts, and a part that broke off again", async () => {
    const large = randomBytes(110_000);
    writeFileSync(join(folder, "large"), large);
    const md5 = createHash("md5").update(large).digest("hex");
    const parts = open(keys, { partBytes: 50_000 });
    const sent: number[] = [];
    proxy.seen.length = 0;
    await parts.put(objectKey(md5), join(folder, "large"), (done) => sent.push(done));
    expect(sent).toEqual([50_000, 100_000, 110_000]);
    expect(proxy.seen).toEqual(["POST", "PUT", "PUT", "PUT", "POST"]);
    await fetchObject(parts, { ...wanted, keys: [objectKey(md5)], md5, sha256: undefined, size: large.length }, to);
    expect(readFileSync(to).equals(large)).toBe(true);
  });

  it("is not sent what it has", async () => {
    const out = {
      path: "train.csv",
      md5: digest("md5"),
      folder: false,
      size: bytes.length,
      nfiles: undefined,
      sha256: undefined,
      legacy: false,
    };
    const cache = { folder: join(folder, "cache") };
    await fetchObject(store, wanted, join(cache.folder, objectKey(out.md5)));
    expect(await pushOut({ cache, store }, out, "train.csv.dvc")).toBe(0);
  });
});
