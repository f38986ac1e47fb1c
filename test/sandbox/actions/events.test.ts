import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openForgeBench } from "./forge-bench.ts";
import type { ForgeBench } from "./forge-bench.ts";

const show = `runs-on: x, steps: [{ run: 'echo "$GITHUB_EVENT_NAME $GITHUB_SHA $GITHUB_REF $GITHUB_HEAD_REF $GITHUB_BASE_REF"' }]`;
const everything = `
name: Everything
run-name: \${{ github.event_name }} by \${{ github.actor }}
on:
  push: { branches: [main, 'release/**'], paths-ignore: ['docs/**'] }
  pull_request: {}
  issue_comment: { types: [created] }
  schedule: [{ cron: '0 6 * * *' }]
  workflow_dispatch: { inputs: { n: { type: number, default: 3 }, go: { type: boolean } } }
permissions: { contents: read }
jobs:
  show: { ${show} }
`;

let bench: ForgeBench;
beforeAll(async () => {
  bench = await openForgeBench();
  await bench.push("main", { ".github/workflows/all.yml": everything, "a.txt": "1" });
});
afterAll(() => bench.stop());

/** The newest line that the job `show` printed. */
async function shown(): Promise<string[]> {
  const lines = (await bench.log("show")).split("\n");
  return (lines.at(-2) ?? "").split(" ");
}

describe("events of a forge start runs", () => {
  it("a push, by its branch and paths", async () => {
    expect(await bench.runs()).toEqual(["push success push by acme"]);
    await bench.push("main", { "docs/x.md": "only docs" });
    await bench.push("other", { "b.txt": "2" });
    await bench.push("main", { "a.txt": "2" }, "Skip this [skip ci]");
    expect(await bench.runs()).toHaveLength(1);
    const sha = await bench.push("main", { "a.txt": "3" });
    expect(await bench.runs()).toHaveLength(2);
    expect(await shown()).toEqual(["push", sha, "refs/heads/main", "", ""]);
  });

  it("a pull request, on its test merge; none where it conflicts", async () => {
    const before = (await bench.runs()).length;
    const head = await bench.push("feature", { "c.txt": "1" });
    const opened = await bench.api("POST", "/pulls", { title: "Feature", head: "feature", base: "main" });
    expect(opened.status).toBe(201);
    await bench.actions.idle();
    const { number } = opened.body;
    const merge = await bench.repo.git.ref(`refs/pull/${number}/merge`);
    expect(await shown()).toEqual(["pull_request", merge?.sha, `refs/pull/${number}/merge`, "feature", "main"]);
    const { body } = await bench.api("GET", `/actions/runs?event=pull_request&head_sha=${head}`);
    expect(body.workflow_runs[0]).toMatchObject({
      head_branch: "feature",
      head_sha: head,
      pull_requests: [{ number }],
      path: ".github/workflows/all.yml",
      conclusion: "success",
    });
    await bench.api("PATCH", `/pulls/${number}`, { title: "Feature, renamed" });
    expect(await bench.runs()).toHaveLength(before + 1);
    await bench.push("main", { "c.txt": "conflict" });
    await bench.push("feature", { "c.txt": "other" });
    expect((await bench.runs()).filter((one) => one.startsWith("pull_request"))).toHaveLength(1);
  });

  it("a comment, with the default branch's workflow", async () => {
    const { body: issue } = await bench.api("POST", "/issues", { title: "Question" });
    await bench.api("POST", `/issues/${issue.number}/comments`, { body: "/train" });
    await bench.actions.idle();
    const main = await bench.repo.git.branch("main");
    expect(await shown()).toEqual(["issue_comment", main, "refs/heads/main", "", ""]);
  });

  it("a schedule, once however far the clock jumps", async () => {
    expect(await bench.actions.wake()).toEqual([]);
    bench.wait(3 * 86_400);
    expect(await bench.actions.wake()).toHaveLength(1);
    await bench.actions.idle();
    expect((await shown())[0]).toBe("schedule");
    expect(await bench.actions.wake()).toEqual([]);
    bench.wait(3600);
    expect(await bench.actions.wake()).toEqual([]);
  });

  it("nothing that a job's own token does, but a dispatch", async () => {
    const before = (await bench.runs()).length;
    const job = bench.as(
      bench.forge.createJobToken(bench.repo, { contents: "write", issues: "write", actions: "write" }),
    );
    const { body: issue } = await job("POST", "/issues", { title: "By a job" });
    expect((await job("POST", `/issues/${issue.number}/comments`, { body: "hello" })).status).toBe(201);
    expect((await job("PUT", "/contents/by-job.txt", { message: "by a job", content: "eA==" })).status).toBe(201);
    expect(await bench.runs()).toHaveLength(before);
    await job("POST", "/actions/workflows/all.yml/dispatches", { ref: "main" });
    const after = await bench.runs();
    expect(after).toHaveLength(before + 1);
    expect(after.at(-1)).toBe("workflow_dispatch success workflow_dispatch by github-actions[bot]");
  });

  it("keeps to what GitHub describes", () => {
    expect(bench.forge.failures).toEqual([]);
  });
});

describe("a workflow that is no good", () => {
  it("makes a run that failed at start", async () => {
    await bench.git("checkout", "-q", "main");
    await bench.git("pull", "-q", "origin", "main");
    await bench.push("main", {
      ".github/workflows/broken.yml": "on: push\njobs:\n  a:\n    runs-on: x\n    stepz: []\n",
    });
    await bench.actions.idle();
    const { body } = await bench.api("GET", "/actions/workflows/broken.yml/runs");
    expect(body.workflow_runs[0]).toMatchObject({ conclusion: "startup_failure", event: "push" });
    await bench.push("main", { ".github/workflows/broken.yml": "on: issues\njobs: {}\n" });
    await bench.actions.idle();
    expect((await bench.api("GET", "/actions/workflows/broken.yml/runs")).body.total_count).toBe(1);
  });
});

describe("runs that start runs", () => {
  let own: ForgeBench;
  beforeAll(async () => {
    own = await openForgeBench();
  });
  afterAll(() => own.stop());

  it("stop after three levels", async () => {
    await own.push("main", {
      ".github/workflows/a.yml": `name: A\non: push\njobs:\n  a: { ${show} }\n`,
      ".github/workflows/b.yml": `name: B\non: { workflow_run: { workflows: [A, B], types: [completed] } }\njobs:\n  show: { ${show} }\n`,
    });
    expect((await own.runs()).map((one) => one.split(" ")[0])).toEqual([
      "push",
      ...Array<string>(3).fill("workflow_run"),
    ]);
  });

  it("a merge group, on its own commit, and its job lets the queue merge", async () => {
    await own.push("main", {
      ".github/workflows/a.yml": `name: A\non: { pull_request: {}, merge_group: { branches: [main] } }\njobs:\n  group: { ${show} }\n`,
    });
    await own.push("topic", { "x.txt": "1" });
    const queue = { type: "merge_queue" };
    const checks = {
      type: "required_status_checks",
      parameters: { required_status_checks: [{ context: "group" }], strict_required_status_checks_policy: false },
    };
    const conditions = { ref_name: { include: ["refs/heads/main"], exclude: [] } };
    await own.api("POST", "/rulesets", { name: "q", enforcement: "active", conditions, rules: [queue, checks] });
    const { body: pull } = await own.api("POST", "/pulls", { title: "Topic", head: "topic", base: "main" });
    await own.actions.idle();
    const base = await own.repo.git.branch("main");
    await own.forge.enqueue(own.repo, pull.number, "acme");
    const group = (await own.runs()).filter((one) => one.startsWith("merge_group"));
    expect(group).toEqual([`merge_group success Merge pull request #${pull.number} from acme/topic`]);
    const { body: merged } = await own.api("GET", `/pulls/${pull.number}`);
    expect(merged).toMatchObject({ merged: true, merge_commit_sha: await own.repo.git.branch("main") });
    const ref = `refs/heads/gh-readonly-queue/main/pr-${pull.number}-${base}`;
    expect((await own.log("group")).split("\n").at(-2)).toBe(`merge_group ${merged.merge_commit_sha} ${ref}  `);
    const { body: runs } = await own.api("GET", "/actions/runs?event=merge_group");
    expect(runs.workflow_runs).toMatchObject([{ head_branch: ref.replace("refs/heads/", ""), pull_requests: [] }]);
    expect(own.forge.failures).toEqual([]);
  });

  it("labels, reviews, edits and the like, by their types", async () => {
    const types = "[labeled, unlabeled, edited]";
    await own.git("checkout", "-q", "--detach", "origin/main");
    await own.git("fetch", "-q", "origin");
    const workflow = `name: A\non: { pull_request: { types: ${types} }, pull_request_review: {}, issue_comment: { types: [edited, deleted] } }\njobs:\n  told: { runs-on: x, steps: [{ run: 'echo "$GITHUB_EVENT_NAME \${{ github.event.action }} $GITHUB_REF"' }] }\n`;
    await own.push("side", {
      ".github/workflows/a.yml": workflow,
      ".github/workflows/b.yml": "on: fork\njobs: { x: { runs-on: x, steps: [{ run: exit }] } }\n",
    });
    own.repo.change({ default_branch: "side" });
    await own.push("told", { "y.txt": "1" });
    const { body: pull } = await own.api("POST", "/pulls", { title: "Told", head: "told", base: "side" });
    const path = `/issues/${pull.number}`;
    const ada = own.as(own.forge.createToken("wren"));
    const merge = `refs/pull/${pull.number}/merge`;
    const said: string[] = [];
    const after = async (what: Promise<{ status: number; body: { id?: number } }>): Promise<number> => {
      const { status, body } = await what;
      expect(status).toBeLessThan(300);
      const runs = (await own.runs()).length;
      if (runs > seen) said.push((await own.log("told")).split("\n").at(-2) ?? "");
      seen = runs;
      return body.id ?? 0;
    };
    let seen = (await own.runs()).length;
    await after(own.api("POST", `${path}/labels`, { labels: ["train"] }));
    await after(own.api("DELETE", `${path}/labels/train`));
    await after(own.api("PATCH", `/pulls/${pull.number}`, { title: "Told again" }));
    await after(ada("POST", `/pulls/${pull.number}/reviews`, { event: "APPROVE" }));
    const comment = await after(own.api("POST", `${path}/comments`, { body: "one" }));
    await after(own.api("PATCH", `/issues/comments/${comment}`, { body: "two" }));
    await after(own.api("DELETE", `/issues/comments/${comment}`));
    expect(said).toEqual([
      `pull_request labeled ${merge}`,
      `pull_request unlabeled ${merge}`,
      `pull_request edited ${merge}`,
      `pull_request_review submitted ${merge}`,
      "issue_comment edited refs/heads/side",
      "issue_comment deleted refs/heads/side",
    ]);
    expect(own.forge.failures).toEqual([]);
  });
});
