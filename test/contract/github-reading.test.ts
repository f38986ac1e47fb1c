import { createHash } from "node:crypto";
import type { ProbotOctokit } from "probot";
import { describe, expect, expectTypeOf, it } from "vitest";
import { parseBlobSha, parseCommitSha } from "#core/names.ts";
import { createOctokit } from "#github/create-octokit.ts";
import { githubEvidence } from "#github/github-evidence.ts";
import { githubPulls } from "#github/conversation/github-pulls.ts";
import { githubRepository } from "#github/github-repository.ts";
import type { Octokit } from "#github/client/octokit.ts";
import { scriptedGithub } from "./fixture/scripted-github.ts";

const repos = "/repos/acme/shop";
const id = (letter: string): string => letter.repeat(40);
const blobOf = (text: string): string =>
  createHash("sha1")
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest("hex");
const entry = (path: string, sha: string, type = "blob", mode = "100644") => ({ path, sha, type, mode });

describe("githubRepository()", () => {
  it("asks for each object once, also when many want it at the same time", async () => {
    const blob = blobOf("hello");
    await using server = await scriptedGithub({
      [`GET ${repos}/git/commits/${id("a")}`]: {
        body: { sha: id("a"), tree: { sha: id("b") }, parents: [], message: "m\n" },
      },
      [`GET ${repos}/git/trees/${id("b")}`]: { body: { sha: id("b"), truncated: false, tree: [entry("f", blob)] } },
      [`GET ${repos}/git/blobs/${blob}`]: {
        body: { sha: blob, content: Buffer.from("hello").toString("base64"), encoding: "base64" },
      },
    });
    const repository = githubRepository(server.github);
    const read = async () => {
      const commit = await repository.commit(parseCommitSha(id("a")));
      const tree = commit && (await repository.tree(commit.tree));
      return Buffer.from(await repository.blob(tree?.get("f")?.blob ?? parseBlobSha(id("f")))).toString();
    };
    expect(await Promise.all([read(), read(), read()])).toEqual(["hello", "hello", "hello"]);
    expect(server.seen).toHaveLength(3);
  });

  it("asks again for a commit that was not there", async () => {
    const commit = { sha: id("a"), tree: { sha: id("b") }, parents: [], message: "m" };
    await using server = await scriptedGithub({
      [`GET ${repos}/git/commits/${id("a")}`]: [{ status: 404, body: {} }, { body: commit }],
    });
    const repository = githubRepository(server.github);
    expect(await repository.commit(parseCommitSha(id("a")))).toBeUndefined();
    expect(await repository.commit(parseCommitSha(id("a")))).toMatchObject({ message: "m" });
  });

  it("refuses bytes that are not the blob's", async () => {
    await using server = await scriptedGithub({
      [`GET ${repos}/git/blobs/${id("a")}`]: { body: { content: "AAAA", encoding: "base64" } },
    });
    await expect(githubRepository(server.github).blob(parseBlobSha(id("a")))).rejects.toMatchObject({ code: "broken" });
  });

  it("walks the folders of a tree that GitHub cuts short", async () => {
    const whole = { sha: id("a"), truncated: true, tree: [entry("one.txt", id("1"))] };
    const flat = {
      sha: id("a"),
      truncated: false,
      tree: [
        entry("one.txt", id("1")),
        entry("sub", id("c"), "tree", "040000"),
        entry("mod", id("d"), "commit", "160000"),
      ],
    };
    await using server = await scriptedGithub({
      [`GET ${repos}/git/trees/${id("a")}?recursive=1`]: { body: whole },
      [`GET ${repos}/git/trees/${id("a")}`]: { body: flat },
      [`GET ${repos}/git/trees/${id("c")}?recursive=1`]: {
        body: {
          sha: id("c"),
          truncated: false,
          tree: [entry("deep", id("e"), "tree", "040000"), entry("deep/two.sh", id("2"), "blob", "100755")],
        },
      },
    });
    const tree = await githubRepository(server.github).tree(parseCommitSha(id("a")));
    expect([...tree.values()].map(({ path, mode }) => `${mode} ${path}`)).toEqual([
      "100644 one.txt",
      "160000 mod",
      "100755 sub/deep/two.sh",
    ]);
  });

  it("saves the request for a default branch whose name is known, but reads its head each time", async () => {
    const ref = (sha: string) => ({ body: { ref: "refs/heads/trunk", object: { sha, type: "commit" } } });
    await using server = await scriptedGithub({ [`GET ${repos}/git/ref/heads/trunk`]: [ref(id("a")), ref(id("b"))] });
    const repository = githubRepository(server.github, { defaultBranch: "trunk" });
    expect((await repository.defaultBranch()).head).toBe(id("a"));
    expect((await repository.defaultBranch()).head).toBe(id("b"));
    expect(server.seen).toHaveLength(2);
  });
});

describe("createOctokit()", () => {
  it("asks again by ETag, and holds what was answered to be true at 304", async () => {
    const pull = {
      number: 7,
      title: "t",
      state: "open",
      merged: false,
      merged_at: null,
      mergeable: null,
      merge_commit_sha: null,
      head: { sha: id("a"), ref: "x", repo: null },
      base: { sha: id("b"), ref: "main", repo: { id: 1 } },
      user: null,
      labels: [{ name: "gpu" }],
      body: null,
    };
    await using server = await scriptedGithub({
      [`GET ${repos}/pulls/7`]: [{ body: pull, headers: { etag: '"1"' } }, { status: 304 }],
    });
    const pulls = githubPulls(server.github);
    const first = await pulls.get(7);
    expect(first).toMatchObject({ fork: true, author: "ghost", mergeable: undefined, labels: ["gpu"], draft: false });
    expect(await pulls.get(7)).toEqual(first);
    expect(server.seen.map(({ headers }) => headers["if-none-match"])).toEqual([undefined, '"1"']);
  });

  it("waits out a secondary limit as long as GitHub says, and not for ever", async () => {
    const limited = {
      status: 403,
      body: { message: "You have exceeded a secondary rate limit" },
      headers: { "retry-after": "1" },
    };
    await using server = await scriptedGithub({ [`GET ${repos}`]: [limited, { body: { default_branch: "main" } }] });
    const warnings: string[] = [];
    const octokit = createOctokit({ baseUrl: server.url, paced: true, warn: (message) => warnings.push(message) });
    const { data } = await octokit.request("GET /repos/{owner}/{repo}", { owner: "acme", repo: "shop" });
    expect(data.default_branch).toBe("main");
    expect(warnings).toEqual(["GitHub limits GET /repos/{owner}/{repo}: waiting 1 s"]);
    await using long = await scriptedGithub({ [`GET ${repos}`]: { ...limited, headers: { "retry-after": "3600" } } });
    const impatient = createOctokit({ baseUrl: long.url, paced: true });
    const asked = githubRepository({ octokit: impatient, owner: "acme", repo: "shop" }).defaultBranch();
    await expect(asked).rejects.toMatchObject({ code: "limited" });
  });

  it("makes a client that the ports take, as Probot does", () => {
    expectTypeOf<InstanceType<typeof ProbotOctokit>>().toExtend<Octokit>();
  });
});

describe("githubEvidence()", () => {
  it("lists in one request, and writes in four, or one where nothing changes", async () => {
    const blob = blobOf("1");
    await using server = await scriptedGithub({
      [`GET ${repos}/git/trees/trainyard`]: {
        body: {
          sha: id("a"),
          truncated: false,
          tree: [entry("a.json", blob), entry("runs", id("f"), "tree", "040000")],
        },
      },
      [`GET ${repos}/branches/trainyard`]: { body: { commit: { sha: id("c"), commit: { tree: { sha: id("a") } } } } },
      [`POST ${repos}/git/trees`]: { status: 201, body: { sha: id("d") } },
      [`POST ${repos}/git/commits`]: { status: 201, body: { sha: id("e") } },
      [`PATCH ${repos}/git/refs/heads/trainyard`]: { body: {} },
    });
    const store = githubEvidence(server.github, {
      blob: async (sha) => Promise.resolve(Buffer.from(sha === blob ? "1" : "?")),
    });
    expect(await store.list()).toEqual(["a.json"]);
    expect(await store.read("a.json")).toBe("1");
    expect(await store.read("b.json")).toBeUndefined();
    await store.write(new Map([["a.json", "1"]]), "nothing new");
    await store.write(new Map([["b.json", "2"]]), "one more");
    // what it wrote itself is in a list that is older than that
    expect(await store.list()).toEqual(["a.json", "b.json"]);
    expect(server.calls()).toEqual([
      "GET /git/trees/trainyard?recursive=1",
      "GET /branches/trainyard",
      "GET /branches/trainyard",
      "POST /git/trees",
      "POST /git/commits",
      "PATCH /git/refs/heads/trainyard",
      "GET /git/trees/trainyard?recursive=1",
    ]);
    expect(server.seen.find(({ method }) => method === "PATCH")?.body).toEqual({ sha: id("e"), force: false });
  });
});
