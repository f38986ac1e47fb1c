// oxlint-disable no-await-in-loop -- requests in order
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Bench, openBench } from "./forge-under-test.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

describe("an issue", () => {
  it("is opened with labels, which are made in grey, and tells of both", async () => {
    const { status, body } = await bench.writer("POST", "/issues", {
      title: "Drift",
      body: "b",
      labels: ["drift", "Drift"],
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      number: 1,
      title: "Drift",
      state: "open",
      user: { login: "wren" },
      author_association: "COLLABORATOR",
      labels: [{ name: "drift", color: "ededed" }],
      html_url: `${bench.forge.urls.server}/acme/shop/issues/1`,
      performed_via_github_app: null,
    });
    expect(body["pull_request"]).toBeUndefined();
    expect(await bench.events()).toEqual(["issues.opened", "issues.labeled"]);
    expect((await bench.payloads("issues.labeled"))[0]).toMatchObject({
      label: { name: "drift" },
      sender: { login: "wren" },
    });
  });

  it("is the app's when a token of the app opens it", async () => {
    const app = bench.app("trainyard", { issues: "write" });
    const job = bench.job({ issues: "write" });
    expect((await app("POST", "/issues", { title: "a" })).body).toMatchObject({
      user: { login: "trainyard[bot]", type: "Bot" },
      performed_via_github_app: { slug: "trainyard" },
    });
    expect((await job("POST", "/issues", { title: "b" })).body).toMatchObject({
      user: { login: "github-actions[bot]" },
      performed_via_github_app: { slug: "github-actions" },
    });
    const mine = await bench.owner("GET", "/issues?creator=app/trainyard");
    expect(mine.list.map((issue) => issue["title"])).toEqual(["a"]);
    expect((await bench.owner("GET", "/issues?creator=trainyard[bot]")).list).toHaveLength(1);
  });

  it("is closed and reopened with a reason", async () => {
    await bench.writer("POST", "/issues", { title: "t" });
    const closed = await bench.writer("PATCH", "/issues/1", { state: "closed", state_reason: "not_planned" });
    expect(closed.body).toMatchObject({ state: "closed", state_reason: "not_planned", closed_by: { login: "wren" } });
    expect(closed.body["closed_at"]).toBe("2026-11-02T09:00:00Z");
    const again = await bench.writer("PATCH", "/issues/1", { state: "open" });
    expect(again.body).toMatchObject({ state: "open", state_reason: "reopened", closed_at: null, closed_by: null });
    expect((await bench.writer("PATCH", "/issues/1", { state: "closed" })).body["state_reason"]).toBe("completed");
    expect(await bench.events()).toEqual(["issues.opened", "issues.closed", "issues.reopened", "issues.closed"]);
  });

  it("tells what an edit changed, and nothing when nothing did", async () => {
    await bench.writer("POST", "/issues", { title: "old", body: "b" });
    await bench.writer("PATCH", "/issues/1", { title: "new", body: "b" });
    await bench.writer("PATCH", "/issues/1", { title: "new" });
    expect(await bench.events()).toEqual(["issues.opened", "issues.edited"]);
    expect((await bench.payloads("issues.edited"))[0]).toMatchObject({
      changes: { title: { from: "old" } },
      issue: { title: "new" },
    });
  });

  it("takes, replaces and loses labels", async () => {
    await bench.writer("POST", "/issues", { title: "t", labels: ["a"] });
    const names = (list: readonly { [key: string]: unknown }[]): unknown[] => list.map((label) => label["name"]);
    expect(names((await bench.writer("POST", "/issues/1/labels", { labels: ["b", "a"] })).list)).toEqual(["a", "b"]);
    expect(names((await bench.writer("DELETE", "/issues/1/labels/A")).list)).toEqual(["b"]);
    expect((await bench.writer("DELETE", "/issues/1/labels/zzz")).status).toBe(404);
    expect(names((await bench.writer("PUT", "/issues/1/labels", { labels: ["c"] })).list)).toEqual(["c"]);
    expect(names((await bench.writer("GET", "/issues/1/labels")).list)).toEqual(["c"]);
    expect((await bench.writer("DELETE", "/issues/1/labels")).status).toBe(204);
    expect(names((await bench.reader("GET", "/labels")).list)).toEqual(["a", "b", "c"]);
  });

  it.for([
    [{}, 422, `"title" wasn't supplied.`],
    [{ title: " " }, 422, "Validation Failed"],
    [{ title: "x".repeat(257) }, 422, "Validation Failed"],
    [{ title: "t", body: "x".repeat(65_537) }, 422, "Validation Failed"],
    [{ title: "t", milestone: 1 }, 501, "milestone"],
    [{ title: "t", assignees: ["nobody"] }, 422, "Validation Failed"],
    [{ title: "t", colour: "red" }, 422, `"colour" is not a permitted key.`],
  ] as const)("is refused with %o", async ([body, status, message]) => {
    const reply = await bench.writer("POST", "/issues", body);
    expect(reply.status).toBe(status);
    expect(reply.body["message"]).toContain(message);
    expect((await bench.owner("GET", "/issues?state=all")).list).toEqual([]);
  });

  it("may be opened by a reader, whose labels are dropped, and closed by its author", async () => {
    const opened = await bench.reader("POST", "/issues", { title: "t", labels: ["x"] });
    expect(opened.body).toMatchObject({ labels: [], author_association: "COLLABORATOR" });
    expect((await bench.reader("PATCH", "/issues/1", { state: "closed" })).status).toBe(200);
    expect((await bench.reader("PATCH", "/issues/1", { labels: ["x"] })).status).toBe(403);
    expect((await bench.reader("POST", "/issues/1/labels", { labels: ["x"] })).status).toBe(403);
    await bench.writer("POST", "/issues", { title: "theirs" });
    expect((await bench.reader("PATCH", "/issues/2", { state: "closed" })).status).toBe(403);
  });

  it.for([
    [{ contents: "write" }, 403],
    [{ issues: "read" }, 403],
    [{ pull_requests: "write" }, 403],
    [{ issues: "write" }, 201],
  ] as const)("asks a token for issues: write, %o is %i", async ([permissions, status]) => {
    expect((await bench.job(permissions)("POST", "/issues", { title: "t" })).status).toBe(status);
  });

  it("is closed by a word in a commit once the default branch has it", async () => {
    for (const title of ["t", "u"]) await bench.writer("POST", "/issues", { title });
    const sha = await bench.commit("topic", "fix.txt", "Mend it\n\nFixes #1, and closes acme/other#2");
    const stateOf = async (number: number): Promise<unknown> => {
      await bench.forge.settled();
      return (await bench.owner("GET", `/issues/${number}`)).body["state"];
    };
    expect(await stateOf(1)).toBe("open");
    expect((await bench.owner("PATCH", "/git/refs/heads/main", { sha })).status).toBe(200);
    expect([await stateOf(1), await stateOf(2)]).toEqual(["closed", "open"]);
  });

  it("is closed by a word in the body of a pull request that is merged", async () => {
    await bench.writer("POST", "/issues", { title: "t" });
    await bench.commit("topic", "a.txt");
    await bench.writer("POST", "/pulls", { title: "p", head: "topic", base: "main", body: "Resolves: #1" });
    const merged = await bench.writer("PUT", "/pulls/2/merge", { merge_method: "squash", commit_message: "" });
    expect(merged.status).toBe(200);
    expect(await bench.events()).toContain("issues.closed");
    expect((await bench.owner("GET", "/issues/1")).body).toMatchObject({
      state: "closed",
      closed_by: { login: "wren" },
    });
  });
});

describe("a pull request, as an issue", () => {
  beforeEach(async () => {
    await bench.commit("topic", "a.txt");
    await bench.writer("POST", "/pulls", { title: "p", head: "topic", base: "main" });
  });

  it("is listed among them, with a link to itself", async () => {
    const [issue] = (await bench.reader("GET", "/issues")).list;
    expect(issue).toMatchObject({
      number: 1,
      draft: false,
      html_url: `${bench.forge.urls.server}/acme/shop/pull/1`,
      pull_request: { url: `${bench.forge.urls.api}/repos/acme/shop/pulls/1`, merged_at: null },
    });
  });

  it("is labelled and closed as a pull request", async () => {
    await bench.writer("POST", "/issues/1/labels", { labels: ["ready"] });
    expect((await bench.writer("PATCH", "/issues/1", { state: "closed" })).body).toMatchObject({ state: "closed" });
    expect((await bench.writer("PATCH", "/issues/1", { state: "open", title: "q" })).body).toMatchObject({
      state: "open",
      title: "q",
    });
    expect(
      (await bench.events()).filter((name) => name.startsWith("pull_request") || name.startsWith("issues")),
    ).toEqual([
      "pull_request.opened",
      "pull_request.labeled",
      "pull_request.closed",
      "pull_request.edited",
      "pull_request.reopened",
    ]);
    expect((await bench.payloads("pull_request.labeled"))[0]).toMatchObject({
      number: 1,
      label: { name: "ready" },
      pull_request: { labels: [{ name: "ready" }] },
    });
  });

  it.for([
    [{ pull_requests: "write" }, 201],
    [{ issues: "write" }, 201],
    [{ pull_requests: "read" }, 403],
    [{ contents: "write" }, 403],
  ] as const)("is commented by a token with %o: %i", async ([permissions, status]) => {
    expect((await bench.job(permissions)("POST", "/issues/1/comments", { body: "b" })).status).toBe(status);
  });
});

describe("a list of issues", () => {
  it("filters by state, labels and since, sorts and pages", async () => {
    for (const [title, labels] of [
      ["a", ["x"]],
      ["b", ["x", "y"]],
      ["c", []],
    ] as const) {
      await bench.writer("POST", "/issues", { title, labels });
      bench.wait(60);
    }
    await bench.writer("PATCH", "/issues/1", { state: "closed" });
    const titles = async (query: string): Promise<unknown[]> =>
      (await bench.reader("GET", `/issues?${query}`)).list.map((issue) => issue["title"]);
    expect(await titles("")).toEqual(["c", "b"]);
    expect(await titles("state=all&direction=asc")).toEqual(["a", "b", "c"]);
    expect(await titles("state=all&labels=X,y")).toEqual(["b"]);
    expect(await titles("state=all&sort=updated")).toEqual(["a", "c", "b"]);
    expect(await titles("state=all&since=2026-11-02T09:02:00Z")).toEqual(["c", "a"]);
    const page = await bench.reader("GET", "/issues?state=all&per_page=2&page=2");
    expect(page.list.map((issue) => issue["title"])).toEqual(["a"]);
    expect(page.headers.get("link")).toContain('rel="prev"');
    expect((await bench.reader("GET", "/issues?milestone=3")).status).toBe(422);
  });
});
