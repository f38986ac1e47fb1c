import { findEnvironment } from "#sandbox/forge/deployments/environment.ts";
import type { EnvironmentRecord } from "#sandbox/forge/deployments/environment.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openForgeBench } from "./forge-bench.ts";
import type { ForgeBench } from "./forge-bench.ts";

const workflow = `
name: Loop
on:
  workflow_dispatch:
    inputs: { seconds: { type: number, default: 0 }, pick: { type: choice, options: [a, b] }, fail: { type: boolean } }
permissions: { contents: read, issues: write }
jobs:
  first:
    runs-on: [self-hosted, gpu]
    environment: { name: staging, url: https://staging.example }
    steps:
      - name: Wait
        run: sleep \${{ inputs.seconds }}; test "\${{ inputs.fail }}" != true || test "$GITHUB_RUN_ATTEMPT" = 2
  second:
    needs: first
    runs-on: x
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@v4
      - run: |
          ask() { curl -s -o /dev/null -w '%{http_code}\\n' -X "$1" -H "authorization: Bearer \${{ github.token }}" "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY$2" -d "$3"; }
          ask GET /contents/a.txt
          ask POST /issues '{"title":"no"}'
          git push -q origin HEAD:refs/heads/by-job 2>/dev/null && echo pushed || echo refused
`;

let bench: ForgeBench;
beforeAll(async () => {
  bench = await openForgeBench();
  await bench.push("main", { ".github/workflows/loop.yml": workflow, "a.txt": "1" });
});
afterAll(() => bench.stop());

async function dispatch(inputs: Record<string, unknown> = {}): Promise<number> {
  const { status, body } = await bench.api("POST", "/actions/workflows/loop.yml/dispatches", {
    ref: "main",
    inputs,
    return_run_details: true,
  });
  expect(status).toBe(200);
  return body.workflow_run_id;
}

describe("dispatch", () => {
  it("answers 204, or the run when asked", async () => {
    expect((await bench.api("POST", "/actions/workflows/loop.yml/dispatches", { ref: "main" })).status).toBe(204);
    const id = await dispatch();
    await bench.actions.idle();
    const { body } = await bench.api("GET", `/actions/runs/${id}`);
    expect(body).toMatchObject({
      id,
      name: "Loop",
      event: "workflow_dispatch",
      status: "completed",
      conclusion: "success",
      run_attempt: 1,
      actor: { login: "acme" },
    });
  });

  it.for([
    [{ ref: "nowhere" }, 422, "No ref found for: nowhere"],
    [{ ref: "SHA" }, 422, "No ref found for"],
    [{ ref: "main", inputs: { other: "1" } }, 422, 'Unexpected inputs provided: ["other"]'],
    [{ ref: "main", inputs: { pick: "c" } }, 422, "not in the list of allowed values"],
    [{ ref: "main", unknown: 1 }, 422, ""],
  ] as const)("refuses %o", async ([body, status, message]) => {
    const ref = body.ref === "SHA" ? await bench.git("rev-parse", "HEAD") : body.ref;
    const answer = await bench.api("POST", "/actions/workflows/loop.yml/dispatches", { ...body, ref });
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(JSON.stringify(message).slice(1, -1));
  });

  it("needs the permission, and the workflow", async () => {
    const job = bench.as(bench.forge.createJobToken(bench.repo, { actions: "read" }));
    expect((await job("POST", "/actions/workflows/loop.yml/dispatches", { ref: "main" })).status).toBe(403);
    expect((await bench.api("POST", "/actions/workflows/none.yml/dispatches", { ref: "main" })).status).toBe(404);
  });
});

describe("runs and jobs", () => {
  it("can be listed, filtered and read", async () => {
    const id = await dispatch();
    await bench.actions.idle();
    const count = async (query: string): Promise<number> =>
      (await bench.api("GET", `/actions/runs?${query}`)).body.total_count;
    expect(await count("event=workflow_dispatch")).toBeGreaterThan(0);
    expect(await count("event=push")).toBe(0);
    expect(await count("branch=main&status=success")).toBe(await count("status=completed"));
    expect(await count("actor=wren")).toBe(0);
    expect(await count(`head_sha=${await bench.git("rev-parse", "main")}`)).toBe(await count("branch=main"));
    const { body } = await bench.api("GET", `/actions/runs/${id}/jobs`);
    expect(
      body.jobs.map((job: { name: string; labels: string[]; conclusion: string }) => [
        job.name,
        job.labels,
        job.conclusion,
      ]),
    ).toEqual([
      ["first", ["self-hosted", "gpu"], "success"],
      ["second", ["x"], "success"],
    ]);
    expect(body.jobs[0].steps.map((step: { name: string }) => step.name)).toEqual([
      "Set up job",
      "Wait",
      "Complete job",
    ]);
    expect((await bench.api("GET", `/actions/jobs/${body.jobs[1].id}`)).body.run_id).toBe(id);
    expect((await bench.api("GET", "/actions/runs/1")).status).toBe(404);
    const { body: list } = await bench.api("GET", "/actions/workflows");
    expect(list.workflows.map((one: { path: string; name: string }) => [one.path, one.name])).toEqual([
      [".github/workflows/loop.yml", "Loop"],
    ]);
  });

  it("give the job's token what the workflow grants, and nothing after the job", async () => {
    const id = await dispatch();
    const log = await bench.log("second");
    expect(log.split("\n").slice(-4, -1)).toEqual(["200", "403", "refused"]);
    expect(bench.forge.state.tokens.find((token) => token.kind === "job" && token.run === id)).toBeUndefined();
  });

  it("are cancelled once", async () => {
    const id = await dispatch({ seconds: 30 });
    while ((await bench.api("GET", `/actions/runs/${id}`)).body.status !== "in_progress") continue;
    expect((await bench.api("POST", `/actions/runs/${id}/cancel`)).status).toBe(202);
    await bench.actions.idle();
    expect((await bench.api("GET", `/actions/runs/${id}`)).body.conclusion).toBe("cancelled");
    expect((await bench.api("POST", `/actions/runs/${id}/cancel`)).status).toBe(409);
    expect((await bench.api("POST", `/actions/runs/${id}/force-cancel`)).status).toBe(409);
  });

  it("run again, whole or what failed", async () => {
    const id = await dispatch({ fail: true });
    await bench.actions.idle();
    expect((await bench.api("POST", `/actions/runs/${id}/rerun-failed-jobs`)).status).toBe(201);
    await bench.actions.idle();
    const { body } = await bench.api("GET", `/actions/runs/${id}`);
    expect(body).toMatchObject({ run_attempt: 2, conclusion: "success" });
    expect((await bench.api("GET", `/actions/runs/${id}/attempts/1`)).body.conclusion).toBe("failure");
    expect((await bench.api("GET", `/actions/runs/${id}/jobs?filter=all`)).body.total_count).toBe(4);
    expect((await bench.api("GET", `/actions/runs/${id}/jobs`)).body.total_count).toBe(2);
    expect((await bench.api("POST", `/actions/runs/${id}/rerun`)).status).toBe(201);
    await bench.actions.idle();
    expect((await bench.api("GET", `/actions/runs/${id}`)).body.run_attempt).toBe(3);
  });
});

describe("what is told of them", () => {
  it("workflow_run and workflow_job, in order, as GitHub describes them; checks and deployments", async () => {
    const told: string[] = [];
    bench.forge.on("*", (event) => {
      if (event.name.startsWith("workflow_")) told.push(`${event.name} ${event.action}`);
    });
    await dispatch();
    await bench.actions.idle();
    expect(told).toEqual([
      "workflow_run requested",
      "workflow_run in_progress",
      "workflow_job queued",
      "workflow_job in_progress",
      "workflow_job completed",
      "workflow_job queued",
      "workflow_job in_progress",
      "workflow_job completed",
      "workflow_run completed",
    ]);
    const { body } = await bench.api("GET", "/commits/main/check-runs?app_id=15368&filter=latest");
    expect(
      body.check_runs.map((run: { name: string; conclusion: string }) => `${run.name} ${run.conclusion}`).toSorted(),
    ).toEqual(expect.arrayContaining(["first success", "second success"]));
    const { body: deployments } = await bench.api("GET", "/deployments?environment=staging");
    const { body: statuses } = await bench.api("GET", `/deployments/${deployments[0].id}/statuses`);
    expect(statuses.map((one: { state: string }) => one.state)).toEqual(["success", "in_progress"]);
    expect(statuses[0].environment_url).toBe("https://staging.example");
    expect(bench.forge.failures).toEqual([]);
  });
});

describe("an environment with reviewers", () => {
  it("lets a job wait until one of them has said yes, or no", async () => {
    const environment = findEnvironment(bench.repo, "staging");
    bench.repo.store<EnvironmentRecord>("environments").set(environment?.id ?? 0, { reviewers: ["wren"] });
    const wren = bench.as(bench.forge.createToken("wren"));
    for (const [state, conclusion] of [
      ["approved", "success"],
      ["rejected", "failure"],
    ] as const) {
      const id = await dispatch();
      const run = async () => (await bench.api("GET", `/actions/runs/${id}`)).body;
      while ((await run()).status !== "waiting") continue;
      const path = `/actions/runs/${id}/pending_deployments`;
      const { body: pending } = await wren("GET", path);
      expect(pending).toMatchObject([{ environment: { name: "staging" }, current_user_can_approve: true }]);
      const review = { environment_ids: [pending[0].environment.id], state, comment: "looked at it" };
      expect((await bench.api("POST", path, review)).status).toBe(403);
      const { status, body } = await wren("POST", path, review);
      expect([status, body.length]).toEqual([200, 1]);
      await bench.actions.idle();
      expect((await run()).conclusion).toBe(conclusion);
    }
    expect(bench.forge.failures).toEqual([]);
  });
});
