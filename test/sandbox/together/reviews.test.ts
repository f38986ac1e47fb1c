import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBench, type Bench } from "../forge/forge-under-test.ts";

describe("a pull request in conversation", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
    await bench.commit("topic", "a.txt");
    await bench.commit("other", "b.txt");
    await bench.writer("POST", "/pulls", { title: "Topic", head: "topic", base: "main" });
  });
  afterEach(() => bench.close());

  it("is reviewed, each review listed, one dismissed, and told of", async () => {
    const { owner, writer, reader } = bench;
    await writer("POST", "/pulls/1/requested_reviewers", { reviewers: ["acme", "rene"] });
    await writer("DELETE", "/pulls/1/requested_reviewers", { reviewers: ["rene"] });
    const { body: yes } = await owner("POST", "/pulls/1/reviews", { event: "APPROVE" });
    await reader("POST", "/pulls/1/reviews", { event: "REQUEST_CHANGES", body: "No" });
    await reader("POST", "/pulls/1/reviews", { event: "COMMENT", body: "Hm" });
    const { list } = await bench.anonymous("GET", "/pulls/1/reviews");
    expect(list.map(({ state, author_association }) => `${String(state)} ${String(author_association)}`)).toEqual([
      "APPROVED OWNER",
      "CHANGES_REQUESTED COLLABORATOR",
      "COMMENTED COLLABORATOR",
    ]);
    expect((await reader("PUT", `/pulls/1/reviews/${String(yes["id"])}/dismissals`, { message: "m" })).status).toBe(
      403,
    );
    expect(
      (await writer("PUT", `/pulls/1/reviews/${String(list[2]?.["id"])}/dismissals`, { message: "m" })).status,
    ).toBe(422);
    expect((await writer("PUT", `/pulls/1/reviews/${String(yes["id"])}/dismissals`, { message: "Stale" })).status).toBe(
      200,
    );
    expect((await reader("GET", `/pulls/1/reviews/${String(yes["id"])}`)).body).toMatchObject({ state: "DISMISSED" });
    expect(await bench.events()).toEqual([
      "pull_request.opened",
      "pull_request.review_requested",
      "pull_request.review_requested",
      "pull_request.review_request_removed",
      ...Array<string>(3).fill("pull_request_review.submitted"),
      "pull_request_review.dismissed",
    ]);
    const [first] = await bench.payloads("pull_request_review.submitted");
    expect(first).toMatchObject({
      review: { state: "approved", user: { login: "acme" } },
      pull_request: { number: 1 },
    });
  });

  it("is labelled, retitled, pointed elsewhere, and what it was is told", async () => {
    const { writer } = bench;
    await writer("POST", "/issues/1/labels", { labels: ["train"] });
    await writer("DELETE", "/issues/1/labels/train");
    await writer("PATCH", "/pulls/1", { title: "Better", base: "other" });
    expect(await bench.events()).toEqual([
      "pull_request.opened",
      "pull_request.labeled",
      "pull_request.unlabeled",
      "pull_request.edited",
    ]);
    expect((await bench.payloads("pull_request.labeled"))[0]).toMatchObject({ number: 1, label: { name: "train" } });
    const base = await bench.repo.git.branch("main");
    expect((await bench.payloads("pull_request.edited"))[0]).toMatchObject({
      changes: { title: { from: "Topic" }, base: { ref: { from: "main" }, sha: { from: base } } },
      pull_request: { title: "Better", base: { ref: "other" } },
    });
  });

  it("has comments that are edited and deleted, with reactions", async () => {
    const { writer, reader } = bench;
    const { body: comment } = await reader("POST", "/issues/1/comments", { body: "/train" });
    const path = `/issues/comments/${String(comment["id"])}`;
    expect((await writer("POST", `${path}/reactions`, { content: "eyes" })).status).toBe(201);
    expect((await reader("GET", path)).body).toMatchObject({ reactions: { eyes: 1, total_count: 1 } });
    await reader("PATCH", path, { body: "/train now" });
    await writer("DELETE", path);
    expect((await bench.payloads("issue_comment.edited"))[0]).toMatchObject({ changes: { body: { from: "/train" } } });
    expect((await bench.payloads("issue_comment.deleted"))[0]).toMatchObject({ comment: { body: "/train now" } });
  });

  it("makes a contributor of its author once it is merged", async () => {
    const { repo, owner, writer } = bench;
    repo.change({ collaborators: {} });
    const association = async (): Promise<unknown> => (await writer("GET", "/pulls/1")).body["author_association"];
    expect(await association()).toBe("NONE");
    await owner("PUT", "/pulls/1/merge", {});
    expect(await association()).toBe("CONTRIBUTOR");
  });
});
