import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { lfsKey, lfsStore } from "#store/lfs-store.ts";
import { fetchObject } from "#store/transfer/fetch-object.ts";

const bytes = Buffer.from("weights ".repeat(1_000));
const sha256 = createHash("sha256").update(bytes).digest("hex");
const folder = mkdtempSync(join(tmpdir(), "trainyard-lfs-"));
const seen: string[] = [];
let server: Server;
let url: string;

/** The batch API with basic transfer, as the protocol's documentation has it. */
beforeAll(async () => {
  server = createServer((request, response) => {
    const { authorization, range = "" } = request.headers;
    seen.push(`${request.method ?? ""} ${request.url ?? ""} ${range}`.trim());
    if (request.url === "/signed?x=1") {
      const from = Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0);
      const last = bytes.length - 1;
      response.writeHead(
        from === 0 ? 200 : 206,
        from === 0 ? {} : { "content-range": `bytes ${from}-${last}/${bytes.length}` },
      );
      response.end(bytes.subarray(from));
      return;
    }
    if (request.url !== "/acme/shop.git/info/lfs/objects/batch") return void response.writeHead(404).end();
    if (authorization !== `Basic ${Buffer.from("x-access-token:ghs_test").toString("base64")}`)
      return void response.writeHead(401).end();
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const known = text.includes(sha256) && text.includes(`"size":${bytes.length}`);
      const object = known
        ? { oid: sha256, size: bytes.length, actions: { download: { href: `${url}/signed?x=1` } } }
        : { oid: "0", size: 1, error: { code: 404, message: "Object does not exist" } };
      response.end(JSON.stringify({ transfer: "basic", objects: [object] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const wanted = (oid = sha256) => ({
  keys: [lfsKey({ sha256: oid, size: bytes.length })],
  sha256: oid,
  size: bytes.length,
  shown: "model.bin",
  pointer: "model.bin",
});
const hasty = { patience: { attempts: 1, pauseMs: 1, stallMs: 2_000 } };

it("a file of Git LFS comes by the batch API, goes on where it broke, and is verified", async () => {
  const to = join(folder, "one");
  writeFileSync(`${to}.part`, bytes.subarray(0, 100));
  await fetchObject(lfsStore(`${url}/acme/shop.git`, "ghs_test"), wanted(), to, hasty);
  expect(readFileSync(to).equals(bytes)).toBe(true);
  expect(seen).toEqual(["POST /acme/shop.git/info/lfs/objects/batch", "GET /signed?x=1 bytes=100-"]);
});

it("says what is wrong: no such object, no such server, no right", async () => {
  const fetchFrom = async (path: string, token: string, oid?: string) =>
    await fetchObject(lfsStore(`${url}${path}`, token), wanted(oid), join(folder, "two"), hasty);
  await expect(fetchFrom("/acme/shop.git", "ghs_test", "0".repeat(64))).rejects.toThrow(
    /Cannot fetch "model.bin" .*\(sha256 0{64}\) from the LFS server of "acme\/shop": it is not there; push it/,
  );
  await expect(fetchFrom("/acme/none.git", "ghs_test")).rejects.toThrow(/there is none; push the files to it/);
  await expect(fetchFrom("/acme/shop.git", "other")).rejects.toThrow(/answered 401: the token may not read it/);
});
