import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createOctokit } from "#github/create-octokit.ts";
import { githubObjects } from "#github/objects/github-objects.ts";
import { objectKey } from "#core/object-store.ts";
import { fetchObject } from "#store/transfer/fetch-object.ts";
import { forgeFixture } from "./fixture/forge-fixture.ts";
import { scratchFolder } from "./fixture/git-folders.ts";
import { scriptedGithub } from "./fixture/scripted-github.ts";

it("a release's assets are a store, in a prerelease that is never the latest", async () => {
  await using fixture = await forgeFixture("actions", (ports) => ports);
  await using scratch = await scratchFolder();
  const octokit = createOctokit({ baseUrl: fixture.forge.urls.api, token: fixture.token });
  const github = { octokit, owner: "acme", repo: "shop" };
  const store = githubObjects(github);
  const file = join(scratch.folder, "file");
  const md5 = createHash("md5").update("rows\n").digest("hex");
  await writeFile(file, "rows\n");
  expect(await store.has(objectKey(md5))).toBeUndefined();
  await store.put(objectKey(md5), file);
  await store.put(objectKey(`${md5}.dir`), file);
  expect(await githubObjects(github).has(objectKey(md5))).toBe(5);
  const keys: string[] = [];
  for await (const key of store.list("files/md5/")) keys.push(key);
  expect(keys.sort()).toEqual([objectKey(md5), objectKey(`${md5}.dir`)]);
  const to = join(scratch.folder, "fetched");
  // a part of an earlier try: this server knows no ranges, so it begins anew
  await writeFile(`${to}.part`, "ro");
  await fetchObject(store, { keys: [objectKey(md5)], md5, size: 5, shown: "x", pointer: "x.dvc" }, to);
  expect(await readFile(to, "utf8")).toBe("rows\n");
  const { data } = await octokit.request("GET /repos/{owner}/{repo}/releases/tags/{tag}", {
    owner: "acme",
    repo: "shop",
    tag: "trainyard-data",
  });
  expect(data).toMatchObject({ prerelease: true, draft: false });
  await expect(
    octokit.request("GET /repos/{owner}/{repo}/releases/latest", { owner: "acme", repo: "shop" }),
  ).rejects.toThrow(/Not Found/);
});

it("says what GitHub does not take, and what to do", async () => {
  await using scratch = await scratchFolder();
  const file = join(scratch.folder, "file");
  await writeFile(file, "");
  const release = {
    id: 1,
    tag_name: "trainyard-data",
    draft: false,
    name: "Data",
    html_url: "",
    upload_url: "http://localhost/{?name}",
    assets: [],
  };
  const asset = (id: number): object => ({
    id,
    name: `md5-${String(id).padStart(32, "0")}`,
    size: 1,
    state: "uploaded",
  });
  await using server = await scriptedGithub({
    "GET /repos/acme/shop/releases/tags/trainyard-data": { body: release },
    "GET /repos/acme/shop/releases/1/assets": { body: Array.from({ length: 1_000 }, (_, id) => asset(id)) },
  });
  const store = githubObjects(server.github);
  await expect(store.put(objectKey("a".repeat(32)), file)).rejects.toThrow(
    /it is empty, and GitHub takes no empty asset; keep/,
  );
  await writeFile(file, "x");
  await expect(store.put(objectKey("a".repeat(32)), file)).rejects.toThrow(
    /it holds 1000 objects, and GitHub takes 1000 a release; keep this data in a bucket/,
  );
});
