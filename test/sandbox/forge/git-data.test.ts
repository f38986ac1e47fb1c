import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { aWorld, branch, clone, gitIn, put, type Json } from "./a-forge.ts";

const shop = "/repos/acme/shop";

it("a ref is created once, whoever races", async () => {
  const { api } = await aWorld();
  const main = (await api(`GET ${shop}/git/ref/heads/main`)).body.object.sha;
  const ref = "refs/tags/churn@v1.4.0";
  const all = await Promise.all(Array.from({ length: 8 }, () => api(`POST ${shop}/git/refs`, { ref, sha: main })));
  expect(all.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
    201,
    ...Array.from({ length: 7 }, () => 422),
  ]);
  const lost = all.find(({ status }) => status === 422);
  expect(lost?.body.message).toBe("Reference already exists");
});

it("annotated tags keep their dates, and @ and # in their names", async () => {
  const { api, forge, repo, token } = await aWorld();
  const main = (await api(`GET ${shop}/git/ref/heads/main`)).body.object.sha;
  const tagger = { name: "Trainyard", email: "bot@example.com", date: "2026-01-02T03:04:05+02:00" };
  const name = "churn#production#7";
  const tag = await api(`POST ${shop}/git/tags`, {
    tag: name,
    message: "Move\n\nwhy",
    object: main,
    type: "commit",
    tagger,
  });
  expect(tag.status, tag.text).toBe(201);
  expect(tag.body).toMatchObject({ tagger: { date: "2026-01-02T01:04:05Z" }, object: { sha: main, type: "commit" } });
  expect((await api(`GET ${shop}/git/ref/tags/${encodeURIComponent(name)}`)).status).toBe(404);
  expect((await api(`POST ${shop}/git/refs`, { ref: `refs/tags/${name}`, sha: tag.body.sha })).status).toBe(201);
  const ref = await api(`GET ${shop}/git/ref/tags/${encodeURIComponent(name)}`);
  expect(ref.body.object).toMatchObject({ sha: tag.body.sha, type: "tag" });
  const encoded = await api(`GET ${shop}/git/ref/${encodeURIComponent(`tags/${name}`)}`);
  expect(encoded.body).toEqual(ref.body);
  expect((await api(`GET ${shop}/git/tags/${tag.body.sha}`)).body.message).toBe("Move\n\nwhy");
  const matching = await api(`GET ${shop}/git/matching-refs/tags/${encodeURIComponent("churn#")}`);
  expect(matching.body.map((one: Json) => one.ref)).toEqual([`refs/tags/${name}`]);
  expect((await api(`GET ${shop}/git/matching-refs/tags/none`)).body).toEqual([]);
  const work = await clone(forge, repo, token);
  expect(
    await work.git("for-each-ref", "--format=%(taggerdate:iso-strict) %(contents:subject)", `refs/tags/${name}`),
  ).toBe("2026-01-02T03:04:05+02:00 Move");
  const wrong = await api(`POST ${shop}/git/tags`, { tag: "x", message: "m", object: main, type: "tree" });
  expect(wrong.status).toBe(422);
});

it("a branch is only fast-forwarded, unless forced, and a lightweight thing where an object is needed is refused", async () => {
  const { api } = await aWorld();
  const one = await branch(api, "one", "a.txt", "one\n");
  const two = await branch(api, "two", "b.txt", "two\n");
  const no = await api(`PATCH ${shop}/git/refs/heads/one`, { sha: two });
  expect(no).toMatchObject({ status: 422, body: { message: "Update is not a fast forward" } });
  expect((await api(`PATCH ${shop}/git/refs/heads/one`, { sha: two, force: true })).status).toBe(200);
  expect((await api(`GET ${shop}/commits/one`)).body.sha).toBe(two);
  expect((await api(`PATCH ${shop}/git/refs/heads/none`, { sha: two })).body.message).toBe("Reference does not exist");
  expect((await api(`POST ${shop}/git/refs`, { ref: "heads/x", sha: one })).status).toBe(422);
  expect((await api(`POST ${shop}/git/refs`, { ref: "refs/heads/a..b", sha: one })).status).toBe(422);
  const absent = await api(`POST ${shop}/git/refs`, { ref: "refs/heads/x", sha: "0".repeat(39) + "1" });
  expect(absent).toMatchObject({ status: 422, body: { message: "Object does not exist" } });
  const tree = (await api(`GET ${shop}/git/commits/${one}`)).body.tree.sha;
  expect((await api(`POST ${shop}/git/refs`, { ref: "refs/heads/x", sha: tree })).status).toBe(422);
  expect((await api(`GET ${shop}/git/tags/${one}`)).status).toBe(404);
  expect((await api(`DELETE ${shop}/git/refs/heads/one`)).status).toBe(204);
  expect((await api(`DELETE ${shop}/git/refs/heads/one`)).status).toBe(422);
});

it("blobs, trees and commits made by the API are what git makes", async () => {
  const { api, forge, repo, token } = await aWorld();
  const main = (await api(`GET ${shop}/git/ref/heads/main`)).body.object.sha;
  const blob = await api(`POST ${shop}/git/blobs`, { content: "AAEC/w==", encoding: "base64" });
  expect(blob.status).toBe(201);
  const back = await api(`GET ${shop}/git/blobs/${blob.body.sha}`);
  expect(back.body).toMatchObject({ content: "AAEC/w==\n", size: 4, encoding: "base64" });
  const tree = [
    { path: "data/x.bin", mode: "100644", type: "blob", sha: blob.body.sha },
    { path: "data/deep/ü n.txt", mode: "100755", type: "blob", content: "text\n" },
  ];
  const base_tree = (await api(`GET ${shop}/git/commits/${main}`)).body.tree.sha;
  const made = await api(`POST ${shop}/git/trees`, { base_tree, tree });
  expect(made.status, made.text).toBe(201);
  const commit = await api(`POST ${shop}/git/commits`, { message: "By hand", tree: made.body.sha, parents: [main] });
  expect(commit.status, commit.text).toBe(201);
  expect((await api(`PATCH ${shop}/git/refs/heads/main`, { sha: commit.body.sha })).status).toBe(200);
  const work = await clone(forge, repo, token);
  expect(await work.git("ls-tree", "-r", "-z", "--name-only", "HEAD")).toBe(
    "README.md\0data/deep/ü n.txt\0data/x.bin\0",
  );
  expect(await work.git("log", "-1", "--format=%an %ae %s")).toBe("Ada ada@example.com By hand");
  await gitIn(repo.gitFolder, "fsck", "--strict");
  const listed = await api(`GET ${shop}/git/trees/main?recursive=1`);
  expect(listed.body.tree.map((one: Json) => [one.path, one.type, one.mode])).toEqual([
    ["README.md", "blob", "100644"],
    ["data", "tree", "040000"],
    ["data/deep", "tree", "040000"],
    ["data/deep/ü n.txt", "blob", "100755"],
    ["data/x.bin", "blob", "100644"],
  ]);
  const gone = await api(`POST ${shop}/git/trees`, {
    base_tree: made.body.sha,
    tree: [{ path: "data/x.bin", mode: "100644", type: "blob", sha: null }],
  });
  expect((await api(`GET ${shop}/git/trees/${gone.body.sha}?recursive=1`)).body.tree).toHaveLength(4);
  const evil = await api(`POST ${shop}/git/trees`, {
    tree: [{ path: "../x", mode: "100644", type: "blob", content: "" }],
  });
  expect(evil.status).toBe(422);
});

it("contents are read and written as GitHub has it", async () => {
  const { api } = await aWorld();
  const read = await api(`GET ${shop}/contents/README.md`);
  expect(Buffer.from(read.body.content, "base64").toString()).toBe("# Shop\n");
  const raw = await api(`GET ${shop}/contents/README.md`, undefined, { accept: "application/vnd.github.raw+json" });
  expect(raw.text).toBe("# Shop\n");
  expect((await api(`GET ${shop}/contents/none`)).status).toBe(404);
  const content = Buffer.from("new").toString("base64");
  const blind = await api(`PUT ${shop}/contents/README.md`, { message: "m", content });
  expect(blind).toMatchObject({ status: 422, body: { message: 'Invalid request.\n\n"sha" wasn\'t supplied.' } });
  const stale = await api(`PUT ${shop}/contents/README.md`, { message: "m", content, sha: "1".repeat(40) });
  expect(stale.status).toBe(409);
  await put(api, "README.md", "new", "m", { sha: read.body.sha });
  await put(api, "data/deep/a b%#.txt".split("/").map(encodeURIComponent).join("/"), "x", "deep");
  const folder = await api(`GET ${shop}/contents/data`);
  expect(folder.body).toMatchObject([{ name: "deep", type: "dir", path: "data/deep" }]);
  const inner = await api(`GET ${shop}/contents/data/deep`);
  expect(inner.body).toMatchObject([{ name: "a b%#.txt", type: "file", size: 1 }]);
  const missing = await api(`PUT ${shop}/contents/x`, { message: "m", content, branch: "none" });
  expect(missing.status).toBe(404);
  const gone = await api(`DELETE ${shop}/contents/data/deep/${encodeURIComponent("a b%#.txt")}`, {
    message: "Away",
    sha: inner.body[0].sha,
  });
  expect(gone.status, gone.text).toBe(200);
  expect((await api(`GET ${shop}/contents/data`)).status).toBe(404);
  const history = await api(`GET ${shop}/commits?path=README.md`);
  expect(history.body.map((one: Json) => one.commit.message)).toEqual(["m", "Start"]);
});

it("commits are compared from their merge base on", async () => {
  const { api } = await aWorld();
  const start = (await api(`GET ${shop}/git/ref/heads/main`)).body.object.sha;
  await branch(api, "topic", "a.txt", "one\n");
  await put(api, "b.txt", "elsewhere\n", "Add b");
  const compared = await api(`GET ${shop}/compare/main...topic`);
  expect(compared.body).toMatchObject({
    status: "diverged",
    ahead_by: 1,
    behind_by: 1,
    total_commits: 1,
    merge_base_commit: { sha: start },
    files: [{ filename: "a.txt", status: "added", additions: 1, deletions: 0 }],
  });
  const diff = await api(`GET ${shop}/compare/main...topic`, undefined, { accept: "application/vnd.github.diff" });
  expect(diff.text).toContain("+++ b/a.txt\n@@ -0,0 +1 @@\n+one\n");
  expect((await api(`GET ${shop}/compare/main...none`)).status).toBe(404);
  expect((await api(`GET ${shop}/compare/main...main`)).body.status).toBe("identical");
});

it("files of a diff are renamed, removed, binary and hard to name", async () => {
  const { api, forge, repo, token } = await aWorld();
  const work = await clone(forge, repo, token);
  const write = (name: string, text: string | Buffer): Promise<void> => writeFile(join(work.folder, name), text);
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}\n`).join("");
  await write("old.txt", lines);
  await write("gone.txt", "bye\n");
  await write("turns.txt", "file\n");
  await work.git("add", ".");
  await work.git("commit", "--quiet", "--message", "Before");
  await work.git("push", "--quiet", "origin", "main");
  await work.git("switch", "--quiet", "--create", "topic");
  await work.git("mv", "old.txt", 'new "ü".txt');
  await work.git("rm", "--quiet", "gone.txt", "turns.txt");
  await write("bytes.bin", Buffer.from([0, 1, 2]));
  await write("zz.txt", "a\rdiff --git a/x b/x\n\u2028diff --git\n");
  await work.git("add", ".");
  const link = await work.git("hash-object", "-w", "zz.txt");
  await work.git("update-index", "--add", "--cacheinfo", `120000,${link},turns.txt`);
  await work.git("commit", "--quiet", "--message", "After");
  await work.git("push", "--quiet", "origin", "topic");
  const { body } = await api(`GET ${shop}/compare/main...topic`);
  expect(
    body.files.map((one: Json) => [one.filename, one.status, one.additions, one.deletions, one.previous_filename]),
  ).toEqual([
    ["bytes.bin", "added", 0, 0, undefined],
    ["gone.txt", "removed", 0, 1, undefined],
    ['new "ü".txt', "renamed", 0, 0, "old.txt"],
    ["turns.txt", "changed", 2, 1, undefined],
    ["zz.txt", "added", 2, 0, undefined],
  ]);
  expect(body.files[0].patch).toBe(undefined);
  expect(body.files[4].patch).toContain("+a\rdiff --git a/x b/x\n");
});
