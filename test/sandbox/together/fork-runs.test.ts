import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openForgeBench, type Ask, type ForgeBench } from "../actions/forge-bench.ts";

const workflow = `name: CI
on: [push, pull_request]
permissions: write-all
env: { SECRET: "\${{ secrets.KEY }}", VAR: "\${{ vars.PLACE }}", TOKEN: "\${{ github.token }}" }
jobs:
  show:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - uses: actions/checkout@v7
      - uses: actions/cache@v5
        with: { path: a.txt, key: "\${{ github.head_ref }}" }
      - run: |
          say() { curl -s -o /dev/null -w '%{http_code}' -H "authorization: Bearer $TOKEN" -A test "$@"; }
          api=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY
          echo "$GITHUB_REF $GITHUB_REPOSITORY [$SECRET] [$VAR] $(say $api/issues) $(say -d '{"title":"x"}' $api/issues) $(cat b.txt)"
`;

let bench: ForgeBench;
let cyd: Ask;
beforeAll(async () => {
  bench = await openForgeBench();
  bench.forge.createUser("cyd");
  cyd = bench.as(bench.forge.createToken("cyd"));
  bench.actions.configure(bench.repo, {
    secrets: { KEY: "hush" },
    vars: { PLACE: "here" },
    environments: { production: { secrets: { KEY: "hush too" } } },
  });
  await bench.push("main", { ".github/workflows/ci.yml": workflow, "a.txt": "1", "b.txt": "base" });
  await bench.actions.idle();
});
afterAll(() => bench.stop());

const forked = (path: string): string => `${bench.forge.urls.api}/repos/cyd/shop${path}`;

/** Writes a file on a branch of the fork. */
async function write(branch: string, text: string, path = "b.txt"): Promise<string> {
  const { body: main } = await cyd("GET", forked("/git/ref/heads/main"));
  await cyd("POST", forked("/git/refs"), { ref: `refs/heads/${branch}`, sha: main.object.sha });
  const { body: old } = await cyd("GET", forked(`/contents/${path}?ref=${branch}`));
  const content = Buffer.from(text).toString("base64");
  const { body } = await cyd("PUT", forked(`/contents/${path}`), {
    message: `Write ${text}`,
    content,
    branch,
    sha: old.sha,
  });
  return body.commit.sha;
}

const last = async (): Promise<string> =>
  (await bench.log("show"))
    .trim()
    .split("\n")
    .findLast((line) => line.startsWith("refs/")) ?? "";

describe("a pull request from a fork", () => {
  it("of somebody new runs only once a writer has approved, with nothing to steal", async () => {
    expect(await last()).toBe("refs/heads/main acme/shop [***] [here] 200 201 base");
    expect((await cyd("POST", "/forks", {})).status).toBe(202);
    const head = await write("topic", "fork");
    await bench.actions.idle();
    const fork = bench.forge.repo("cyd", "shop");
    expect(fork?.store("workflow-runs").list()).toEqual([]);
    const { body: pull } = await cyd("POST", "/pulls", { title: "From outside", head: "cyd:topic", base: "main" });
    await bench.actions.idle();
    const list = async () => (await bench.api("GET", "/actions/runs?event=pull_request")).body.workflow_runs;
    const [waiting] = await list();
    expect(waiting).toMatchObject({
      status: "completed",
      conclusion: "action_required",
      head_sha: head,
      head_branch: "topic",
      head_repository: { full_name: "cyd/shop" },
      repository: { full_name: "acme/shop" },
      pull_requests: [],
      actor: { login: "cyd" },
    });
    expect((await bench.api("GET", "/actions/runs?status=action_required")).body.total_count).toBe(1);
    expect((await bench.api("GET", `/check-suites/${waiting.check_suite_id}`)).body).toMatchObject({
      conclusion: "action_required",
      head_branch: null,
      pull_requests: [],
    });
    const approve = (by: Ask) => by("POST", `/actions/runs/${waiting.id}/approve`);
    expect((await bench.api("POST", `/actions/runs/${waiting.id}/rerun`)).status).toBe(403);
    expect((await approve(cyd)).status).toBe(403);
    expect((await approve(bench.api)).status).toBe(201);
    expect(await last()).toBe(`refs/pull/${pull.number}/merge acme/shop [] [] 200 403 fork`);
    expect((await approve(bench.api)).status).toBe(403);
    const [ran] = await list();
    expect(ran).toMatchObject({
      id: waiting.id,
      run_attempt: 1,
      conclusion: "success",
      triggering_actor: { login: "cyd" },
    });
    const { body: checks } = await bench.api("GET", `/commits/${head}/check-runs`);
    expect(checks.check_runs).toMatchObject([{ name: "show", conclusion: "success", pull_requests: [] }]);
    const { body: caches } = await bench.api("GET", "/actions/caches?key=topic");
    expect(caches.actions_caches).toMatchObject([{ ref: `refs/pull/${pull.number}/merge` }]);
  });

  it("of somebody whose work was merged runs at once, unless the policy says otherwise", async () => {
    const conclusions = async (): Promise<string[]> =>
      (await bench.runs()).filter((one) => one.startsWith("pull_request ")).map((one) => one.split(" ")[1] ?? "");
    await write("topic", "again");
    expect(await conclusions()).toEqual(["success", "action_required"]);
    await bench.api("PUT", "/pulls/2/merge", {});
    await write("second", "second", "c.txt");
    await cyd("POST", "/pulls", { title: "Second", head: "cyd:second", base: "main" });
    expect(await conclusions()).toEqual(["success", "action_required", "success"]);
    const policy = "/actions/permissions/fork-pr-contributor-approval";
    expect((await cyd("PUT", policy, { approval_policy: "all_external_contributors" })).status).toBe(403);
    expect((await bench.api("PUT", policy, { approval_policy: "all_external_contributors" })).status).toBe(204);
    expect((await bench.api("GET", policy)).body).toEqual({ approval_policy: "all_external_contributors" });
    await write("second", "third", "c.txt");
    expect((await conclusions()).at(-1)).toBe("action_required");
  });
});

describe("a pull request that a job's token opened", () => {
  it("has runs that wait for a writer, and are like any other then", async () => {
    await bench.push("robot", { "d.txt": "robot" });
    await bench.actions.idle();
    const robot = bench.as(bench.forge.createJobToken(bench.repo, { pull_requests: "write", contents: "write" }));
    const { body: pull } = await robot("POST", "/pulls", { title: "Robot", head: "robot", base: "main" });
    await bench.actions.idle();
    await robot("PUT", "/contents/e.txt", { message: "More", content: "eA==", branch: "robot" });
    await robot("PATCH", `/pulls/${pull.number}`, { title: "Robot again" });
    await bench.actions.idle();
    const list = async () =>
      (await bench.api("GET", "/actions/runs?event=pull_request&branch=robot")).body.workflow_runs;
    const [second, first, ...more] = await list();
    expect([first.conclusion, second.conclusion, more]).toEqual(["action_required", "action_required", []]);
    expect(second).toMatchObject({ actor: { login: "github-actions[bot]" }, pull_requests: [{ number: pull.number }] });
    expect((await bench.api("POST", `/actions/runs/${second.id}/approve`)).status).toBe(201);
    expect(await last()).toBe(`refs/pull/${pull.number}/merge acme/shop [***] [here] 200 201 again`);
    expect(bench.forge.failures).toEqual([]);
  });
});
