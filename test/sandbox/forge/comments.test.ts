import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Bench, openBench } from "./forge-under-test.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
  await bench.writer("POST", "/issues", { title: "t" });
});
afterEach(() => bench.close());

describe("a comment", () => {
  it("is written, changed and removed, and each is told", async () => {
    const { status, body } = await bench.reader("POST", "/issues/1/comments", { body: "one" });
    expect(status).toBe(201);
    const path = `/issues/comments/${String(body["id"])}`;
    expect(body).toMatchObject({
      body: "one",
      user: { login: "rene" },
      issue_url: `${bench.forge.urls.api}/repos/acme/shop/issues/1`,
    });
    expect((await bench.owner("GET", "/issues/1")).body["comments"]).toBe(1);
    bench.wait(5);
    expect((await bench.reader("PATCH", path, { body: "two" })).body).toMatchObject({
      body: "two",
      updated_at: "2026-11-02T09:00:05Z",
    });
    expect((await bench.reader("DELETE", path)).status).toBe(204);
    expect((await bench.reader("GET", path)).status).toBe(404);
    expect((await bench.owner("GET", "/issues/1")).body["comments"]).toBe(0);
    expect((await bench.events()).slice(1)).toEqual([
      "issue_comment.created",
      "issue_comment.edited",
      "issue_comment.deleted",
    ]);
    expect((await bench.payloads("issue_comment.edited"))[0]).toMatchObject({
      changes: { body: { from: "one" } },
      comment: { body: "two" },
      issue: { number: 1, comments: 1 },
      sender: { login: "rene" },
    });
  });

  it("is the bot's, through its app", async () => {
    const app = bench.app("trainyard", { issues: "write" });
    expect((await app("POST", "/issues/1/comments", { body: "b" })).body).toMatchObject({
      user: { login: "trainyard[bot]", type: "Bot" },
      performed_via_github_app: { slug: "trainyard" },
    });
    const job = bench.job({ issues: "write" });
    expect((await job("POST", "/issues/1/comments", { body: "b" })).body).toMatchObject({
      user: { login: "github-actions[bot]" },
      performed_via_github_app: { slug: "github-actions" },
    });
  });

  it("holds 65,536 characters and not one more", async () => {
    expect((await bench.writer("POST", "/issues/1/comments", { body: "x".repeat(65_536) })).status).toBe(201);
    const long = await bench.writer("POST", "/issues/1/comments", { body: "x".repeat(65_537) });
    expect(long.status).toBe(422);
    expect(long.body).toMatchObject({
      message: "Validation Failed",
      errors: [
        {
          resource: "IssueComment",
          code: "unprocessable",
          field: "data",
          message: "Body is too long (maximum is 65536 characters)",
        },
      ],
    });
    expect((await bench.writer("POST", "/issues/1/comments", { body: " " })).body).toMatchObject({
      errors: [{ message: "Body cannot be blank" }],
    });
    expect((await bench.owner("GET", "/issues/1/comments")).list).toHaveLength(1);
  });

  it("is changed by its author or a writer only", async () => {
    const { body } = await bench.writer("POST", "/issues/1/comments", { body: "b" });
    const path = `/issues/comments/${String(body["id"])}`;
    expect((await bench.reader("PATCH", path, { body: "mine" })).status).toBe(403);
    expect((await bench.reader("DELETE", path)).status).toBe(403);
    expect((await bench.owner("PATCH", path, { body: "ours" })).status).toBe(200);
    expect((await bench.anonymous("POST", "/issues/1/comments", { body: "b" })).status).toBe(401);
    expect((await bench.anonymous("GET", path)).status).toBe(200);
  });

  it("needs an issue", async () => {
    expect((await bench.writer("POST", "/issues/9/comments", { body: "b" })).status).toBe(404);
    expect((await bench.writer("PATCH", "/issues/comments/9", { body: "b" })).status).toBe(404);
  });

  it("is listed a page at a time, oldest first, or since an instant", async () => {
    for (const body of ["a", "b", "c"]) {
      // oxlint-disable-next-line no-await-in-loop -- in order
      await bench.writer("POST", "/issues/1/comments", { body });
      bench.wait(60);
    }
    const bodies = async (path: string): Promise<unknown[]> =>
      (await bench.reader("GET", path)).list.map(({ body }) => body);
    const first = await bench.reader("GET", "/issues/1/comments?per_page=2");
    expect(first.headers.get("link")).toContain('rel="next"');
    expect(await bodies("/issues/1/comments?per_page=2&page=2")).toEqual(["c"]);
    expect(await bodies("/issues/1/comments?since=2026-11-02T09:01:00Z")).toEqual(["b", "c"]);
    expect(await bodies("/issues/comments?sort=created")).toEqual(["c", "b", "a"]);
    expect(await bodies("/issues/comments?direction=desc")).toEqual(["a", "b", "c"]);
  });
});

describe("a reaction", () => {
  it("is there once, counted, and taken back", async () => {
    const { body } = await bench.writer("POST", "/issues/1/comments", { body: "b" });
    const path = `/issues/comments/${String(body["id"])}`;
    const made = await bench.reader("POST", `${path}/reactions`, { content: "+1" });
    expect(made.status).toBe(201);
    expect((await bench.reader("POST", `${path}/reactions`, { content: "+1" })).status).toBe(200);
    expect((await bench.reader("GET", path)).body).toMatchObject({ reactions: { "+1": 1, total_count: 1 } });
    expect((await bench.reader("POST", `${path}/reactions`, { content: "meh" })).status).toBe(422);
    expect((await bench.reader("DELETE", `${path}/reactions/${String(made.body["id"])}`)).status).toBe(204);
    expect((await bench.reader("GET", `${path}/reactions`)).list).toEqual([]);
    expect((await bench.reader("POST", "/issues/1/reactions", { content: "eyes" })).status).toBe(201);
    expect((await bench.reader("GET", "/issues/1")).body).toMatchObject({ reactions: { eyes: 1 } });
  });
});

describe("a label of the repository", () => {
  it("is made, renamed on the issues that have it, and removed from them", async () => {
    expect((await bench.writer("POST", "/labels", { name: "drift", color: "ff0000" })).status).toBe(201);
    expect((await bench.writer("POST", "/labels", { name: "Drift" })).body).toMatchObject({
      errors: [{ resource: "Label", code: "already_exists", field: "name" }],
    });
    expect((await bench.writer("POST", "/labels", { name: "x", color: "red" })).status).toBe(422);
    await bench.writer("POST", "/issues/1/labels", { labels: ["drift"] });
    await bench.writer("PATCH", "/labels/drift", { new_name: "moved" });
    expect((await bench.reader("GET", "/issues/1")).body).toMatchObject({
      labels: [{ name: "moved", color: "ff0000" }],
    });
    expect((await bench.writer("DELETE", "/labels/moved")).status).toBe(204);
    expect((await bench.reader("GET", "/issues/1")).body).toMatchObject({ labels: [] });
    expect((await bench.reader("POST", "/labels", { name: "y" })).status).toBe(403);
  });
});
