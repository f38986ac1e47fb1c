import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findCheckRun } from "#sandbox/forge/checks/check-run.ts";
import { pressCheckAction } from "#sandbox/forge/checks/click-check.ts";
import { type Ask, type Bench, openBench } from "./forge-under-test.ts";

let bench: Bench;
let app: Ask;
let head: string;
beforeEach(async () => {
  bench = await openBench();
  app = bench.app("trainyard", { checks: "write" });
  head = (await bench.repo.git.branch("main")) ?? "";
});
afterEach(() => bench.close());

const annotation = (line: number): object => ({
  path: "data/week 1.csv",
  start_line: line,
  end_line: line,
  annotation_level: "warning",
  message: "m",
});

describe("a check run", () => {
  it("is begun, finished with its evidence, and told", async () => {
    const begun = await app("POST", "/check-runs", {
      name: "trainyard",
      head_sha: head,
      status: "in_progress",
      external_id: "e1",
    });
    expect(begun.status).toBe(201);
    expect(begun.body).toMatchObject({
      name: "trainyard",
      head_sha: head,
      status: "in_progress",
      conclusion: null,
      external_id: "e1",
      started_at: "2026-11-02T09:00:00Z",
      app: { slug: "trainyard" },
      pull_requests: [],
    });
    bench.wait(60);
    const path = `/check-runs/${String(begun.body["id"])}`;
    const output = { title: "churn: better", summary: "s", text: "t" };
    const done = await app("PATCH", path, { conclusion: "success", external_id: "e2", output });
    expect(done.status).toBe(200);
    expect((await bench.reader("GET", path)).body).toMatchObject({
      status: "completed",
      conclusion: "success",
      completed_at: "2026-11-02T09:01:00Z",
      external_id: "e2",
      output: { ...output, annotations_count: 0 },
    });
    expect(await bench.events()).toEqual(["check_run.created", "check_run.completed", "check_suite.completed"]);
    expect((await bench.payloads("check_suite.completed"))[0]).toMatchObject({
      check_suite: { head_sha: head, head_branch: "main", status: "completed", conclusion: "success" },
    });
  });

  it("knows the open pull requests of its commit", async () => {
    const sha = await bench.commit("topic", "a.txt");
    await bench.writer("POST", "/pulls", { title: "p", head: "topic", base: "main" });
    const run = await app("POST", "/check-runs", { name: "n", head_sha: sha });
    expect(run.body).toMatchObject({ status: "queued", pull_requests: [{ number: 1, head: { ref: "topic", sha } }] });
  });

  it.for([
    ["people", "owner"],
    ["a token that may only read", "job"],
  ] as const)("is not written by %s", async ([, who]) => {
    const ask = who === "owner" ? bench.owner : bench.job({ checks: "read" });
    const refused = await ask("POST", "/check-runs", { name: "n", head_sha: head });
    expect(refused.status).toBe(403);
    expect((await bench.owner("GET", `/commits/${head}/check-runs`)).body["total_count"]).toBe(0);
  });

  it("belongs to the app that made it", async () => {
    const { body } = await app("POST", "/check-runs", { name: "n", head_sha: head });
    const refused = await bench.job({ checks: "write" })("PATCH", `/check-runs/${String(body["id"])}`, {
      conclusion: "success",
    });
    expect(refused.status).toBe(403);
    expect(refused.body["message"]).toMatch(/^Invalid app_id `\d+` - check run can only be modified by the GitHub App/);
  });

  it.for([
    ["a commit that is not there", { head_sha: "0".repeat(40) }, "No commit found for SHA"],
    ["a completion without a conclusion", { status: "completed" }, `"conclusion" wasn't supplied`],
    ["a conclusion that only GitHub gives", { conclusion: "stale" }, "stale"],
    [
      "51 annotations",
      {
        output: {
          title: "t",
          summary: "s",
          annotations: Array.from({ length: 51 }, (_, index) => annotation(index + 1)),
        },
      },
      "No more than 50 items are allowed; 51 were supplied.",
    ],
    [
      "a long summary",
      { output: { title: "t", summary: "x".repeat(65_536) } },
      "Only 65535 characters are allowed; 65536 were supplied.",
    ],
    [
      "a long text",
      { output: { title: "t", summary: "s", text: "x".repeat(65_536) } },
      "Only 65535 characters are allowed",
    ],
    ["an output without a title", { output: { summary: "s" } }, `"title" wasn't supplied.`],
    [
      "four buttons",
      { actions: Array.from({ length: 4 }, () => ({ label: "l", description: "d", identifier: "i" })) },
      "No more than 3 items are allowed; 4 were supplied.",
    ],
    [
      "a long button",
      { actions: [{ label: "x".repeat(21), description: "d", identifier: "i" }] },
      "Only 20 characters are allowed",
    ],
  ] as const)("is refused with %s", async ([, more, message]) => {
    const refused = await app("POST", "/check-runs", { name: "n", head_sha: head, ...more });
    expect(refused.status).toBe(422);
    expect(refused.body["message"]).toContain(message);
    expect((await bench.reader("GET", `/commits/${head}/check-runs`)).body["total_count"]).toBe(0);
  });

  it("collects annotations over several requests", async () => {
    const annotations = Array.from({ length: 50 }, (_, index) => annotation(index + 1));
    const { body } = await app("POST", "/check-runs", {
      name: "n",
      head_sha: head,
      output: { title: "t", summary: "s", annotations },
    });
    const path = `/check-runs/${String(body["id"])}`;
    const more = await app("PATCH", path, { output: { summary: "s2", annotations: [annotation(51)] } });
    expect(more.body).toMatchObject({ output: { title: "t", summary: "s2", annotations_count: 51 } });
    expect((await bench.reader("GET", `${path}/annotations?per_page=50&page=2`)).list).toMatchObject([
      { path: "data/week 1.csv", start_line: 51, blob_href: expect.stringContaining("/data/week%201.csv") },
    ]);
  });

  it("goes back to work and loses its conclusion", async () => {
    const { body } = await app("POST", "/check-runs", { name: "n", head_sha: head, conclusion: "failure" });
    const again = await app("PATCH", `/check-runs/${String(body["id"])}`, { status: "in_progress" });
    expect(again.body).toMatchObject({ status: "in_progress", conclusion: null, completed_at: null });
    expect(await bench.events()).toEqual(["check_run.created", "check_run.completed", "check_suite.completed"]);
  });

  it("is listed by commit, branch, name and app: the newest of each name", async () => {
    await app("POST", "/check-runs", { name: "a", head_sha: head, conclusion: "failure" });
    await app("POST", "/check-runs", { name: "a", head_sha: head, conclusion: "success" });
    await app("POST", "/check-runs", { name: "b", head_sha: head });
    await bench.job({ checks: "write" })("POST", "/check-runs", { name: "a", head_sha: head, conclusion: "neutral" });
    const found = async (path: string): Promise<unknown[]> => {
      const { body } = await bench.reader("GET", path);
      const runs = body["check_runs"] as { name: string; conclusion: string | null }[];
      expect(body["total_count"]).toBe(runs.length);
      return runs.map((run) => `${run.name} ${String(run.conclusion)}`);
    };
    const own = (await bench.reader("GET", `/commits/${head}/check-runs?check_name=b`)).body as {
      check_runs: { app: { id: number }; check_suite: { id: number } }[];
    };
    const id = own.check_runs[0]?.app.id ?? 0;
    expect(await found("/commits/main/check-runs")).toEqual(["a neutral", "b null", "a success"]);
    expect(await found(`/commits/heads/main/check-runs?app_id=${id}`)).toEqual(["b null", "a success"]);
    expect(await found(`/commits/${head}/check-runs?app_id=${id}&filter=all&check_name=a`)).toEqual([
      "a success",
      "a failure",
    ]);
    expect(await found(`/commits/${head}/check-runs?status=queued`)).toEqual(["b null"]);
    expect(await found(`/check-suites/${own.check_runs[0]?.check_suite.id ?? 0}/check-runs`)).toEqual([
      "b null",
      "a success",
    ]);
    expect((await bench.reader("GET", "/commits/nowhere/check-runs")).status).toBe(422);
    expect((await bench.reader("GET", `/commits/${head}/check-suites`)).body).toMatchObject({
      total_count: 2,
      check_suites: [{ status: "in_progress" }, { status: "completed", conclusion: "neutral" }],
    });
  });

  it("is asked for again, and its buttons are pressed", async () => {
    const actions = [{ label: "Accept", description: "take it", identifier: "accept" }];
    const { body } = await app("POST", "/check-runs", {
      name: "n",
      head_sha: head,
      conclusion: "action_required",
      actions,
    });
    const run = findCheckRun(bench.repo, String(body["id"]));
    const account = bench.forge.account("wren");
    if (account === undefined) throw new Error("no wren");
    pressCheckAction(bench.forge, bench.repo, run, "accept", { kind: "user", account });
    expect(() => pressCheckAction(bench.forge, bench.repo, run, "no", { kind: "user", account })).toThrow(
      'no button "no"',
    );
    expect((await app("POST", `/check-runs/${run.id}/rerequest`)).status).toBe(201);
    expect((await bench.payloads("check_run.requested_action"))[0]).toMatchObject({
      requested_action: { identifier: "accept" },
      sender: { login: "wren" },
    });
    expect((await bench.payloads("check_run.rerequested"))[0]).toMatchObject({
      check_run: { status: "queued", conclusion: null },
    });
  });
});

describe("a check suite", () => {
  it("is opened for every app that writes checks when a branch gets a commit", async () => {
    const sha = await bench.commit("topic", "a.txt");
    await bench.owner("PATCH", "/git/refs/heads/main", { sha });
    const asked = await bench.payloads("check_suite.requested");
    expect(asked).toMatchObject([
      {
        check_suite: {
          head_sha: sha,
          head_branch: "main",
          status: "queued",
          conclusion: null,
          app: { slug: "trainyard" },
        },
      },
    ]);
    const run = await app("POST", "/check-runs", { name: "n", head_sha: sha, conclusion: "success" });
    const suites = await bench.reader("GET", `/commits/${sha}/check-suites`);
    expect(suites.body).toMatchObject({ total_count: 1, check_suites: [run.body["check_suite"]] });
    const path = `/check-suites/${String((run.body["check_suite"] as { id: number }).id)}`;
    expect((await bench.reader("GET", path)).body).toMatchObject({ conclusion: "success", latest_check_runs_count: 1 });
    expect((await app("POST", `${path}/rerequest`)).status).toBe(201);
    expect((await bench.events()).at(-1)).toBe("check_suite.rerequested");
  });
});
