import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Ask, type Bench, openBench } from "./forge-under-test.ts";

let bench: Bench;
let job: Ask;
beforeEach(async () => {
  bench = await openBench();
  job = bench.job({ deployments: "write", actions: "read", checks: "write" });
});
afterEach(() => bench.close());

const free = { auto_merge: false, required_contexts: [] };

describe("a deployment", () => {
  it("is recorded, makes its environment and tells", async () => {
    const sha = await bench.repo.git.branch("main");
    const { status, body } = await job("POST", "/deployments", {
      ref: "main",
      ...free,
      environment: "staging",
      payload: { version: "v1" },
      description: "d",
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      sha,
      ref: "main",
      task: "deploy",
      environment: "staging",
      original_environment: "staging",
      production_environment: false,
      payload: { version: "v1" },
      creator: { login: "github-actions[bot]" },
      performed_via_github_app: { slug: "github-actions" },
    });
    expect((await job("GET", "/environments")).body).toMatchObject({
      total_count: 1,
      environments: [{ name: "staging" }],
    });
    expect((await job("GET", "/environments/Staging")).body).toMatchObject({ name: "staging", protection_rules: [] });
    expect((await job("GET", "/environments/none")).status).toBe(404);
    expect(await bench.events()).toEqual(["deployment.created"]);
  });

  it("asks for every context to be green unless told not to", async () => {
    const head_sha = await bench.repo.git.branch("main");
    const written = { ref: "main", auto_merge: false };
    const check = await job("POST", "/check-runs", { name: "ci", head_sha });
    const waiting = await job("POST", "/deployments", written);
    expect(waiting.status).toBe(409);
    expect(waiting.body).toMatchObject({
      message: "Conflict: Commit status checks failed for main.",
      errors: [
        {
          contexts: [{ context: "ci", state: "pending" }],
          resource: "Deployment",
          field: "required_contexts",
          code: "invalid",
        },
      ],
    });
    expect((await job("POST", "/deployments", { ...written, required_contexts: ["lint"] })).status).toBe(409);
    expect((await job("POST", "/deployments", { ...written, required_contexts: [] })).status).toBe(201);
    await job("PATCH", `/check-runs/${String(check.body["id"])}`, { conclusion: "success" });
    expect((await job("POST", "/deployments", written)).status).toBe(201);
    await bench.writer("POST", `/statuses/${head_sha ?? ""}`, { state: "error", context: "old" });
    expect((await job("POST", "/deployments", written)).body).toMatchObject({
      errors: [
        {
          contexts: [
            { context: "old", state: "failure" },
            { context: "ci", state: "success" },
          ],
        },
      ],
    });
    expect((await job("POST", "/deployments", { ...written, required_contexts: ["ci"] })).status).toBe(201);
  });

  it("refuses what it cannot do: a ref that is not there, a merge, a token without the permission", async () => {
    expect((await job("POST", "/deployments", { ref: "nowhere", ...free })).body["message"]).toBe(
      "No ref found for: nowhere",
    );
    await bench.commit("topic", "a.txt");
    await bench.commit("main", "b.txt");
    expect((await job("POST", "/deployments", { ref: "topic", required_contexts: [] })).status).toBe(501);
    expect((await job("POST", "/deployments", { ref: "topic", ...free })).status).toBe(201);
    expect((await job("POST", "/deployments", { ref: "main", required_contexts: [] })).status).toBe(201);
    expect((await bench.job({ deployments: "read" })("POST", "/deployments", { ref: "main", ...free })).status).toBe(
      403,
    );
    expect((await bench.reader("POST", "/deployments", { ref: "main", ...free })).status).toBe(403);
  });

  it("is live until the next success makes it inactive", async () => {
    const ids: string[] = [];
    for (const ref of ["main", "main", "main"]) {
      // oxlint-disable-next-line no-await-in-loop -- in order
      const { body } = await job("POST", "/deployments", { ref, ...free });
      ids.push(String(body["id"]));
    }
    const [a, b, c] = ids;
    const states = async (id: string | undefined): Promise<unknown[]> =>
      (await bench.reader("GET", `/deployments/${id ?? ""}/statuses`)).list.map(({ state }) => state);
    expect((await job("POST", `/deployments/${a ?? ""}/statuses`, { state: "in_progress" })).status).toBe(201);
    await job("POST", `/deployments/${a ?? ""}/statuses`, { state: "success", log_url: "https://example.com/log" });
    const status = await job("POST", `/deployments/${b ?? ""}/statuses`, { state: "success", description: "d" });
    expect(status.body).toMatchObject({ state: "success", environment: "production", description: "d" });
    expect(await states(a)).toEqual(["inactive", "success", "in_progress"]);
    await job("POST", `/deployments/${c ?? ""}/statuses`, { state: "success", auto_inactive: false });
    expect(await states(b)).toEqual(["success"]);
    expect((await job("DELETE", `/deployments/${b ?? ""}`)).status).toBe(422);
    expect((await job("DELETE", `/deployments/${a ?? ""}`)).status).toBe(204);
    expect((await bench.events()).filter((name) => name === "deployment_status.created")).toHaveLength(5);
    expect((await bench.reader("GET", `/deployments/${c ?? ""}/statuses/${String(status.body["id"])}`)).status).toBe(
      404,
    );
    const long = await job("POST", `/deployments/${c ?? ""}/statuses`, {
      state: "error",
      description: "x".repeat(141),
    });
    expect(long.status).toBe(422);
  });

  it("is listed newest first, by environment, task, ref and sha", async () => {
    const first = await job("POST", "/deployments", { ref: "main", ...free, environment: "staging" });
    await job("POST", "/deployments", { ref: "main", ...free, task: "migrate" });
    const environments = async (query: string): Promise<unknown[]> =>
      (await bench.reader("GET", `/deployments?${query}`)).list.map(({ environment }) => environment);
    expect(await environments("")).toEqual(["production", "staging"]);
    expect(await environments("environment=staging")).toEqual(["staging"]);
    expect(await environments("task=migrate")).toEqual(["production"]);
    expect(await environments(`sha=${String(first.body["sha"])}&ref=main`)).toHaveLength(2);
    expect(await environments("ref=other")).toEqual([]);
  });
});
