import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Bench, openBench, type Reply } from "./forge-under-test.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const upload = (
  id: unknown,
  name: string,
  bytes: Uint8Array,
  headers = { "content-type": "application/octet-stream" },
): Promise<Reply> =>
  bench.writer(
    "POST",
    `${bench.forge.urls.uploads}/repos/acme/shop/releases/${String(id)}/assets?name=${encodeURIComponent(name)}`,
    bytes,
    headers,
  );

describe("a release", () => {
  it("is drafted, filled, published on its annotated tag", async () => {
    const draft = await bench.writer("POST", "/releases", {
      tag_name: "churn@v1.0.0",
      name: "churn 1.0.0",
      draft: true,
      make_latest: "false",
    });
    expect(draft.status).toBe(201);
    expect(draft.body).toMatchObject({
      draft: true,
      published_at: null,
      assets: [],
      html_url: expect.stringContaining("/untagged-"),
    });
    const id = String(draft.body["id"]);
    expect((await upload(id, "model.onnx", Buffer.from("bytes"))).status).toBe(201);
    const object = (await bench.repo.git.branch("main")) ?? "";
    const tag = await bench.writer("POST", "/git/tags", { tag: "churn@v1.0.0", message: "m", object, type: "commit" });
    await bench.writer("POST", "/git/refs", { ref: "refs/tags/churn@v1.0.0", sha: tag.body["sha"] });
    bench.wait(10);
    const published = await bench.writer("PATCH", `/releases/${id}`, { draft: false });
    expect(published.body).toMatchObject({
      draft: false,
      published_at: "2026-11-02T09:00:10Z",
      html_url: `${bench.forge.urls.server}/acme/shop/releases/tag/churn%40v1.0.0`,
      assets: [{ name: "model.onnx", size: 5 }],
    });
    expect((await bench.repo.git.ref("refs/tags/churn@v1.0.0"))?.kind).toBe("tag");
    expect((await bench.events()).filter((name) => name.startsWith("release"))).toEqual([
      "release.created",
      "release.published",
      "release.released",
    ]);
    expect((await bench.anonymous("GET", "/releases/tags/churn@v1.0.0")).body["id"]).toBe(draft.body["id"]);
  });

  it("makes a lightweight tag where there is none", async () => {
    const { body } = await bench.writer("POST", "/releases", { tag_name: "v1", target_commitish: "main" });
    expect(body).toMatchObject({ draft: false, created_at: "2026-11-02T09:00:00Z" });
    const tag = await bench.repo.git.ref("refs/tags/v1");
    expect(tag).toMatchObject({ kind: "commit", sha: await bench.repo.git.branch("main") });
    expect(await bench.events()).toEqual([
      "push",
      "create",
      "release.created",
      "release.published",
      "release.released",
    ]);
  });

  it.for([
    [{ tag_name: "bad tag" }, "tag_name", "custom"],
    [{ tag_name: "" }, "tag_name", "missing_field"],
    [{ tag_name: "v1" }, "tag_name", "already_exists"],
    [{ tag_name: "v2", target_commitish: "nowhere" }, "target_commitish", "invalid"],
    [{ tag_name: "v2", draft: true, make_latest: "true" }, "make_latest", "custom"],
    [{ tag_name: "v2", body: "x".repeat(125_001) }, "body", "custom"],
  ] as const)("is refused with %o", async ([written, field, code]) => {
    await bench.writer("POST", "/releases", { tag_name: "v1" });
    const refused = await bench.writer("POST", "/releases", written);
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ errors: [{ resource: "Release", field, code }] });
    expect((await bench.owner("GET", "/releases")).list).toHaveLength(1);
  });

  it("may have several drafts of one tag, seen by writers only and never by tag", async () => {
    await bench.writer("POST", "/releases", { tag_name: "v1", draft: true });
    const second = await bench.writer("POST", "/releases", { tag_name: "v1", draft: true });
    const path = `/releases/${String(second.body["id"])}`;
    expect((await bench.owner("GET", "/releases")).list).toHaveLength(2);
    expect((await bench.job({ contents: "write" })("GET", "/releases")).list).toHaveLength(2);
    expect((await bench.job({ contents: "read" })("GET", "/releases")).list).toEqual([]);
    expect((await bench.reader("GET", "/releases")).list).toEqual([]);
    expect((await bench.reader("GET", path)).status).toBe(404);
    expect((await bench.owner("GET", "/releases/tags/v1")).status).toBe(404);
    expect(await bench.repo.git.ref("refs/tags/v1")).toBeUndefined();
    expect((await bench.reader("POST", "/releases", { tag_name: "v2" })).status).toBe(403);
  });

  it("is latest as it was told", async () => {
    const latest = async (): Promise<unknown> => (await bench.reader("GET", "/releases/latest")).body["tag_name"];
    expect(await latest()).toBeUndefined();
    await bench.writer("POST", "/releases", { tag_name: "churn@v1.0.0", make_latest: "false" });
    expect(await latest()).toBeUndefined();
    await bench.writer("POST", "/releases", { tag_name: "v1" });
    await bench.writer("POST", "/releases", { tag_name: "v2-rc", prerelease: true });
    expect(await latest()).toBe("v1");
    const old = await bench.writer("POST", "/releases", { tag_name: "v0", make_latest: "legacy" });
    expect(await latest()).toBe("v1");
    await bench.writer("PATCH", `/releases/${String(old.body["id"])}`, { make_latest: "true" });
    expect(await latest()).toBe("v0");
  });

  it("is edited and deleted; its tag stays", async () => {
    const { body } = await bench.writer("POST", "/releases", { tag_name: "v1", name: "old" });
    const path = `/releases/${String(body["id"])}`;
    expect((await bench.writer("PATCH", path, { name: "new", body: "b" })).body).toMatchObject({
      name: "new",
      body: "b",
      tag_name: "v1",
    });
    const asset = await upload(body["id"], "a.txt", Buffer.from("a"));
    expect((await bench.writer("DELETE", path)).status).toBe(204);
    expect((await bench.owner("GET", path)).status).toBe(404);
    expect((await bench.owner("GET", `/releases/assets/${String(asset.body["id"])}`)).status).toBe(404);
    expect(await bench.repo.git.ref("refs/tags/v1")).toBeDefined();
    expect((await bench.payloads("release.edited"))[0]).toMatchObject({
      changes: { name: { from: "old" }, body: { from: "" } },
    });
    expect((await bench.events()).at(-1)).toBe("release.deleted");
  });
});

describe("an asset", () => {
  const bytes = Buffer.from([0, 1, 2, 255, 10]);
  let release: unknown;
  beforeEach(async () => {
    release = (await bench.writer("POST", "/releases", { tag_name: "churn@v1.0.0" })).body["id"];
  });

  it("is uploaded, described by its digest, and downloaded byte for byte", async () => {
    const { status, body } = await upload(release, "my model (1).onnx", bytes);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: "my.model.1.onnx",
      size: 5,
      digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`,
      content_type: "application/octet-stream",
      state: "uploaded",
      uploader: { login: "wren" },
    });
    const path = `/releases/assets/${String(body["id"])}`;
    const sent = await bench.reader("GET", path, undefined, { accept: "application/octet-stream" });
    expect(sent.status).toBe(302);
    const link = sent.headers.get("location") ?? "";
    const got = await fetch(link);
    expect(Buffer.from(await got.arrayBuffer())).toEqual(bytes);
    expect(got.headers.get("content-length")).toBe("5");
    expect((await fetch(link.replace(/signature=./, "signature=z"))).status).toBe(403);
    const page = await fetch(String(body["browser_download_url"]));
    expect(Buffer.from(await page.arrayBuffer())).toEqual(bytes);
    expect((await bench.reader("GET", path)).body["download_count"]).toBe(2);
    expect((await bench.reader("GET", `/releases/${String(release)}/assets`)).list).toHaveLength(1);
  });

  it.for([
    ["a name that is taken", "a.txt", "x", "name", "already_exists"],
    ["no bytes", "b.txt", "", "size", "custom"],
    ["no name", " ", "x", "name", "missing_field"],
  ] as const)("is refused with %s", async ([, name, text, field, code]) => {
    await upload(release, "a.txt", Buffer.from("a"));
    const refused = await upload(release, name, Buffer.from(text));
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ errors: [{ resource: "ReleaseAsset", field, code }] });
  });

  it("is uploaded once when two try at the same moment", async () => {
    const both = await Promise.all([upload(release, "a.bin", bytes), upload(release, "a.bin", bytes)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 422]);
  });

  it("is renamed and deleted by a writer", async () => {
    const { body } = await upload(release, "a.txt", bytes);
    const path = `/releases/assets/${String(body["id"])}`;
    expect((await bench.reader("DELETE", path)).status).toBe(403);
    expect((await bench.writer("PATCH", path, { name: "b.txt", label: "B" })).body).toMatchObject({
      name: "b.txt",
      label: "B",
    });
    expect((await bench.writer("DELETE", path)).status).toBe(204);
    expect((await bench.owner("GET", path)).status).toBe(404);
    expect((await upload(release, "b.txt", bytes)).status).toBe(201);
  });

  it("is uploaded on the uploads base only", async () => {
    expect((await bench.writer("POST", `/releases/${String(release)}/assets?name=a`, bytes)).status).toBe(501);
  });
});

describe("a private repository", () => {
  it("shows its assets to nobody without a token", async () => {
    const own = await openBench({ private: true });
    const release = await own.writer("POST", "/releases", { tag_name: "v1" });
    const path = `${own.forge.urls.uploads}/repos/acme/shop/releases/${String(release.body["id"])}/assets?name=a`;
    const { body } = await own.writer("POST", path, Buffer.from("x"), { "content-type": "text/plain" });
    expect((await fetch(String(body["browser_download_url"]))).status).toBe(404);
    expect((await own.anonymous("GET", "/releases")).status).toBe(404);
    await own.close();
  });
});
