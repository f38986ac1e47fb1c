import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { githubBytes } from "#github/github-bytes.ts";
import { githubReleases } from "#github/github-releases.ts";
import { githubWorkflows } from "#github/github-workflows.ts";
import { unpackZip } from "#github/client/unpack-zip.ts";
import { scratchFolder } from "./fixture/git-folders.ts";
import { scriptedGithub, type Scripted } from "./fixture/scripted-github.ts";

const repos = "/repos/acme/shop";
const model = zipSync({
  "out/model/weights.bin": [new Uint8Array(300_000).fill(7), { level: 6 }],
  "out/model/": new Uint8Array(),
  "out/model/sub/config.json": [strToU8("{}"), { level: 0 }],
  "out/empty": new Uint8Array(),
  "metrics.jsonl": strToU8('{"auc":1}\n'),
});

function runWith(artifacts: readonly object[], zip: Scripted | readonly Scripted[] = { body: model }) {
  return {
    [`GET ${repos}/actions/runs/5/artifacts`]: { body: { total_count: artifacts.length, artifacts } },
    [`GET ${repos}/actions/artifacts/11/zip`]: zip,
  };
}

const trained = { id: 11, name: "trainyard-train-churn", expired: false };
const locator = { kind: "workflow-artifact", run: 5, name: "trainyard-train-churn", path: "out/model" } as const;

describe("githubBytes()", () => {
  it("fetch() unpacks what lies below the path, following GitHub's redirect without the token", async () => {
    await using scratch = await scratchFolder();
    await using store = await scriptedGithub({ "GET /signed": { body: model } });
    await using server = await scriptedGithub(
      runWith([trained], { status: 302, headers: { location: `${store.url}/signed` } }),
    );
    const bytes = githubBytes(server.github);
    expect(await bytes.available(locator)).toBe(true);
    expect([...((await bytes.fetch(locator, scratch.folder)) ?? [])].sort()).toEqual([
      "sub/config.json",
      "weights.bin",
    ]);
    expect((await readFile(join(scratch.folder, "weights.bin"))).equals(Buffer.alloc(300_000, 7))).toBe(true);
    expect(store.seen[0]?.headers.authorization).toBeUndefined();
    expect(server.calls()).toEqual(["GET /actions/runs/5/artifacts?per_page=100", "GET /actions/artifacts/11/zip"]);
  });

  it.for([
    { path: "", files: ["metrics.jsonl", "out/empty", "out/model/sub/config.json", "out/model/weights.bin"] },
    { path: "out/model/weights.bin", files: ["weights.bin"] },
    { path: "out/empty", files: ["empty"] },
    { path: "out/mod", files: undefined },
  ])('fetch() of the path "$path" gives $files', async ({ path, files }) => {
    await using scratch = await scratchFolder();
    await using server = await scriptedGithub(runWith([trained]));
    const fetched = await githubBytes(server.github).fetch({ ...locator, path }, scratch.folder);
    expect(fetched?.toSorted()).toEqual(files);
  });

  it.for([
    { what: "expired", artifacts: [{ ...trained, expired: true }], zip: { body: model } },
    { what: "never made", artifacts: [], zip: { body: model } },
    {
      what: "gone at the last moment",
      artifacts: [trained],
      zip: { status: 410, body: { message: "Artifact has expired" } },
    },
  ])("fetch() answers undefined where the artifact is $what", async ({ artifacts, zip }) => {
    await using scratch = await scratchFolder();
    await using server = await scriptedGithub(runWith(artifacts, zip));
    expect(await githubBytes(server.github).fetch(locator, scratch.folder)).toBeUndefined();
  });

  it("fetch() refuses more bytes than it may take, packed or unpacked", async () => {
    await using scratch = await scratchFolder();
    await using server = await scriptedGithub(runWith([trained]));
    const small = githubBytes(server.github, { maxBytes: 100 }).fetch(locator, scratch.folder);
    await expect(small).rejects.toThrow(/larger than 100 bytes/);
    const larger = githubBytes(server.github, { maxBytes: 20_000 }).fetch(locator, scratch.folder);
    await expect(larger).rejects.toThrow(/its files have 300002 bytes, more than 20000/);
  });
});

describe("unpackZip()", () => {
  it.for<{
    what: string;
    files: Record<string, Uint8Array | [Uint8Array, { os: number; attrs: number }]>;
    says: RegExp;
  }>([
    {
      what: "a path that climbs out",
      files: { "../evil": strToU8("x") },
      says: /"\.\.\/evil" is no path inside a folder/,
    },
    { what: "an absolute path", files: { "/etc/evil": strToU8("x") }, says: /no path inside a folder/ },
    { what: "a path with a backslash", files: { "..\\evil": strToU8("x") }, says: /no path inside a folder/ },
    {
      what: "a link",
      files: { link: [strToU8("/etc/passwd"), { os: 3, attrs: (0o120777 << 16) >>> 0 }] },
      says: /"link" is a link/,
    },
  ])("refuses $what, and writes nothing", async ({ files, says }) => {
    await using scratch = await scratchFolder();
    const archive = join(scratch.folder, "a.zip");
    await writeFile(archive, zipSync({ good: strToU8("fine"), ...files }));
    await mkdir(join(scratch.folder, "to"));
    await expect(unpackZip(archive, "", join(scratch.folder, "to"), 1_000)).rejects.toThrow(says);
    expect(await readdir(join(scratch.folder, "to"))).toEqual([]);
  });

  it.for([
    { what: "its end is cut off", damage: (bytes: Uint8Array) => bytes.subarray(0, -30) },
    {
      what: "a byte of a file was changed",
      damage: (bytes: Uint8Array) => bytes.map((byte, at) => (at === 60 ? byte ^ 255 : byte)),
    },
    { what: "it is no zip at all", damage: () => strToU8("<html>") },
    { what: "it is empty", damage: () => new Uint8Array() },
  ])("says that the archive is damaged when $what", async ({ damage }) => {
    await using scratch = await scratchFolder();
    const archive = join(scratch.folder, "a.zip");
    await writeFile(archive, damage(model));
    const unpacked = unpackZip(archive, "", join(scratch.folder, "to"), 1_000_000);
    await expect(unpacked).rejects.toMatchObject({ name: "ServiceError", code: "broken" });
  });

  it("refuses a file that is larger than its announcement", async () => {
    await using scratch = await scratchFolder();
    const archive = join(scratch.folder, "a.zip");
    const zip = zipSync({ bomb: [new Uint8Array(50_000), { level: 9 }] });
    const directory = Buffer.from(zip).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    Buffer.from(zip.buffer).writeUInt32LE(10, directory + 24);
    await writeFile(archive, zip);
    await expect(unpackZip(archive, "", join(scratch.folder, "to"), 1_000)).rejects.toThrow(
      /"bomb" is larger than announced/,
    );
  });
});

describe("githubWorkflows().record()", () => {
  const workflows = { path: ".github/workflows/trainyard.yml", defaultBranch: () => Promise.resolve("main") };

  it("gives one file of the newest artifact, or undefined", async () => {
    await using server = await scriptedGithub(runWith([{ ...trained, id: 3 }, trained]));
    const record = (file: string) => githubWorkflows(server.github, workflows).record(5, trained.name, file);
    expect(Buffer.from((await record("metrics.jsonl")) ?? []).toString()).toBe('{"auc":1}\n');
    expect(await record("absent.json")).toBeUndefined();
    expect(server.seen[0]?.path).toContain("name=trainyard-train-churn");
  });
});

describe("githubReleases()", () => {
  const release = (url: string, assets: readonly object[]) => ({
    id: 9,
    tag_name: "churn@v1.0.0",
    draft: true,
    name: "churn v1.0.0",
    body: "",
    html_url: "",
    upload_url: `${url}/uploads/9/assets{?name,label}`,
    assets,
  });

  it("upload() removes what a broken upload left, and sends it again", async () => {
    await using scratch = await scratchFolder();
    await writeFile(join(scratch.folder, "m"), "weights");
    await using uploads = await scriptedGithub({
      "POST /uploads/9/assets": [
        { status: 422, body: { message: "Validation Failed", errors: [{ code: "already_exists" }] } },
        { status: 201, body: { id: 5, name: "model.m" } },
      ],
    });
    const asset = { id: 4, name: "model.m", size: 0, state: "starter", digest: null };
    await using server = await scriptedGithub({
      [`GET ${repos}/releases/9`]: { body: release(uploads.url, [asset]) },
      [`DELETE ${repos}/releases/assets/4`]: { status: 204 },
    });
    await githubReleases(server.github).upload(9, "model.m", join(scratch.folder, "m"));
    expect(server.calls()).toEqual(["GET /releases/9", "GET /releases/9", "DELETE /releases/assets/4"]);
    expect(uploads.seen[1]).toMatchObject({ path: "/uploads/9/assets?name=model.m", body: "weights" });
    expect(uploads.seen[1]?.headers["content-length"]).toBe("7");
  });

  it("upload() refuses a name that GitHub would change, and takes the asset back", async () => {
    await using scratch = await scratchFolder();
    await writeFile(join(scratch.folder, "m"), "weights");
    await using uploads = await scriptedGithub({
      "POST /uploads/9/assets": { status: 201, body: { id: 4, name: "model.my.file" } },
    });
    await using server = await scriptedGithub({
      [`GET ${repos}/releases/9`]: { body: release(uploads.url, []) },
      [`DELETE ${repos}/releases/assets/4`]: { status: 204 },
    });
    const uploaded = githubReleases(server.github).upload(9, "model.my file", join(scratch.folder, "m"));
    await expect(uploaded).rejects.toThrow(/GitHub would call it "model.my.file"/);
    expect(server.calls().at(-1)).toBe("DELETE /releases/assets/4");
  });
});
