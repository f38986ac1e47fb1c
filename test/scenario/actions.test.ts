import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digest } from "#core/canonical.ts";
import { jobsOf, runsOf } from "#sandbox/actions/link/run-store.ts";
import { scriptedGithub } from "#test/contract/fixture/scripted-github.ts";
import { openStory, type Story } from "#test/flow/story/open-story.ts";
import { params } from "#test/flow/story/repository-files.ts";
import { startAction, type Ended } from "./start-action.ts";

/** where nobody listens any more */
const nowhere = await (async () => {
  await using github = await scriptedGithub({});
  return github.url;
})();
/** A pull request of a branch of the repository itself. */
const ours = { head: { repo: { id: 1 } }, base: { repo: { id: 1 } } };
const push = { name: "push", payload: { ref: "refs/heads/main", repository: { default_branch: "main" } } };

describe("actions on a repository", () => {
  let story: Story;
  beforeAll(async () => {
    story = await openStory({ writer: "actions", jobs: "apart", start: "production" });
  });
  afterAll(async () => await story[Symbol.asyncDispose]());

  const start = async (
    name: string,
    permissions: Readonly<Record<string, "read" | "write">>,
    event: { name: string; payload: unknown },
    inputs: Readonly<Record<string, string>> = {},
  ): Promise<Ended & { requests: readonly string[] }> => {
    story.mark();
    const token = story.sandbox.forge.createJobToken(story.repo, permissions);
    const ended = await startAction(name, { event, inputs, token, api: story.sandbox.url });
    const lines = ended.lines.map((line) => line.replaceAll(/[0-9a-f]{40}/g, "·······"));
    // Reads that go out together arrive in any order.
    return { ...ended, lines, requests: story.requests().jobs.lines.toSorted() };
  };

  it("plan finds nothing to do for a pull request that touches no model", async () => {
    const number = await story.propose({ "README.md": "# The shop\n" }, "words");
    const event = { name: "pull_request", payload: { pull_request: { number, ...ours } } };
    const permissions = { actions: "read", checks: "read", contents: "read", pull_requests: "write" } as const;
    expect(await start("plan", permissions, event)).toMatchInlineSnapshot(`
      {
        "code": 0,
        "commands": [],
        "lines": [
          "churn: not_affected",
        ],
        "outputs": {
          "approval": "",
          "evaluate": "false",
          "prepare": "false",
          "promote": "[]",
          "report": "true",
          "warm": "[]",
          "watch": "[]",
          "writer": "actions",
        },
        "requests": [
          "GET ",
          "GET /git/blobs/{file_sha}",
          "GET /git/commits/{commit_sha}",
          "GET /git/ref/{ref}",
          "GET /git/trees/{tree_sha}",
          "GET /git/trees/{tree_sha}",
          "GET /pulls/{pull_number}",
        ],
      }
    `);
  });

  it("plan plans a training where the recipe is new, and none where it is known", async () => {
    const number = await story.propose({ "churn/params.txt": params(0.7) }, "better");
    const [run] = runsOf(story.repo).toSorted((a, b) => b.id - a.id);
    const jobs = jobsOf(story.repo, run?.id ?? 0);
    const job = jobs.find(({ name }) => name.endsWith("plan"));
    expect(job?.outputs["plan"]).toMatch(/^[0-9a-f]{64}$/);
    expect({ ...job?.outputs, plan: "" }).toMatchInlineSnapshot(`
      {
        "approval": "",
        "evaluate": "true",
        "plan": "",
        "prepare": "true",
        "promote": "[]",
        "report": "true",
        "warm": "[]",
        "watch": "[]",
        "writer": "actions",
      }
    `);
    expect(jobs.find(({ name }) => name.endsWith("prepare"))?.outputs).toMatchObject({
      tasks: '[{"key":"candidate-churn","model":"churn","name":"train churn","runs-on":"ubuntu-latest","minutes":435}]',
      answers: "[]",
    });
    const event = { name: "pull_request", payload: { pull_request: { number, ...ours } } };
    const permissions = { actions: "read", checks: "read", contents: "read", pull_requests: "write" } as const;
    const { lines, outputs, requests } = await start("plan", permissions, event);
    expect(lines).toEqual(["churn: candidate, run known"]);
    expect(outputs).toMatchObject({ prepare: "false", evaluate: "false", report: "true" });
    expect(requests).toMatchInlineSnapshot(`
      [
        "GET ",
        "GET /actions/runs/{run_id}/artifacts",
        "GET /git/blobs/{file_sha}",
        "GET /git/blobs/{file_sha}",
        "GET /git/blobs/{file_sha}",
        "GET /git/blobs/{file_sha}",
        "GET /git/blobs/{file_sha}",
        "GET /git/blobs/{file_sha}",
        "GET /git/blobs/{file_sha}",
        "GET /git/commits/{commit_sha}",
        "GET /git/matching-refs/{ref}",
        "GET /git/ref/{ref}",
        "GET /git/tags/{tag_sha}",
        "GET /git/tags/{tag_sha}",
        "GET /git/trees/{tree_sha}",
        "GET /git/trees/{tree_sha}",
        "GET /git/trees/{tree_sha}",
        "GET /pulls/{pull_number}",
        "GET /releases/tags/{tag}",
      ]
    `);
  });

  it("promote moves nothing where production is what the default branch says", async () => {
    const permissions = { actions: "read", contents: "write", deployments: "write", pull_requests: "read" } as const;
    expect(await start("promote", permissions, push, { model: "churn" })).toMatchInlineSnapshot(`
      {
        "code": 0,
        "commands": [],
        "lines": [
          "Nothing to promote at ·······.",
        ],
        "outputs": {
          "promoted": "[]",
        },
        "requests": [
          "GET ",
          "GET /commits/{commit_sha}/pulls",
          "GET /git/blobs/{file_sha}",
          "GET /git/blobs/{file_sha}",
          "GET /git/blobs/{file_sha}",
          "GET /git/blobs/{file_sha}",
          "GET /git/blobs/{file_sha}",
          "GET /git/commits/{commit_sha}",
          "GET /git/matching-refs/{ref}",
          "GET /git/ref/{ref}",
          "GET /git/tags/{tag_sha}",
          "GET /git/tags/{tag_sha}",
          "GET /git/trees/{tree_sha}",
          "GET /git/trees/{tree_sha}",
          "GET /releases/tags/{tag}",
        ],
      }
    `);
  });
});

describe("verdict", () => {
  const verdict = async (needs: unknown): Promise<Ended> =>
    await startAction("verdict", {
      event: push,
      api: nowhere,
      inputs: { needs: typeof needs === "string" ? needs : JSON.stringify(needs) },
    });
  const plan = { result: "success", outputs: { report: "true" } };

  it.for<[what: string, needs: unknown, code: number, said: RegExp]>([
    [
      "a green report",
      { plan, report: { result: "success", outputs: { green: "true" } } },
      0,
      /^The verdict is green\.$/,
    ],
    [
      "a red report",
      { plan, report: { result: "success", outputs: { green: "false" } } },
      1,
      /is not green: the comment/,
    ],
    ["a report that says nothing", { plan, report: { result: "success", outputs: {} } }, 1, /is not green/],
    ["a report that failed", { plan, report: { result: "failure" } }, 1, /job "report" did not succeed \(failure\)/],
    ["a report that is missing", { plan }, 1, /job "report" did not succeed \(missing\)/],
    ["a plan that failed", { plan: { result: "failure" }, report: { result: "skipped" } }, 1, /job "plan" did not/],
    [
      "nothing to judge",
      { plan: { result: "success", outputs: { report: "false" } } },
      0,
      /^There is nothing to judge/,
    ],
    ["no needs", "", 1, /Input required and not supplied: needs/],
    ["needs that are no JSON", "{", 1, /JSON/],
  ])("of %s", async ([, needs, code, said]) => {
    const ended = await verdict(needs);
    expect(ended.code).toBe(code);
    expect([...ended.lines, ...ended.commands.map((line) => line.replace("::error::", ""))].join("\n")).toMatch(said);
    expect(ended.lines.join("\n")).not.toMatch(/^ +at /m);
  });
});

describe("an environment that is not as it should be", () => {
  it.for<[what: string, change: Partial<Parameters<typeof startAction>[1]>, said: string]>([
    ["a missing GITHUB_REPOSITORY", { env: { GITHUB_REPOSITORY: undefined } }, "GITHUB_REPOSITORY"],
    ["a GITHUB_REPOSITORY without an owner", { env: { GITHUB_REPOSITORY: "shop" } }, "GITHUB_REPOSITORY"],
    ["a missing GITHUB_EVENT_PATH", { env: { GITHUB_EVENT_PATH: undefined } }, "GITHUB_EVENT_PATH"],
    ["a missing GITHUB_RUN_ID", { env: { GITHUB_RUN_ID: undefined } }, "GITHUB_RUN_ID"],
    ["an event that is not there", { event: { name: "push", payload: undefined } }, "event"],
    ["an event that is no JSON", { event: { name: "push", payload: "{" } }, "event"],
    ["an event of another shape", { event: { name: "pull_request", payload: { number: "seven" } } }, "pull_request"],
    ["a run's number that is none", { env: { GITHUB_RUN_ID: "seven" } }, "GITHUB_RUN_ID"],
    ["a service that does not answer", {}, "Cannot read the repository"],
  ])("%s ends the step with one sentence that names it", async ([, change, said]) => {
    const ended = await startAction("plan", { event: push, api: nowhere, token: "ghs_x", ...change });
    expect(ended.code).toBe(1);
    expect(ended.lines).toEqual([]);
    expect(ended.commands).toHaveLength(1);
    expect(ended.commands[0]).toMatch(/^::error::/);
    expect(ended.commands[0]).toContain(said);
    expect(ended.outputs).toEqual({});
  });
});

describe("a plan", () => {
  const prepare = async (plan: string | undefined, wanted: string): Promise<Ended> => {
    const runs = "GET /repos/ada/shop/actions";
    const artifact = { id: 9, name: "trainyard-plan", expired: false };
    const zip = zipSync({ "plan.json": strToU8(plan ?? "") });
    await using github = await scriptedGithub({
      [`${runs}/runs/4711/artifacts`]: { body: { total_count: 1, artifacts: plan === undefined ? [] : [artifact] } },
      [`${runs}/artifacts/9/zip`]: { body: zip },
    });
    const inputs = { plan: wanted };
    return await startAction("prepare", { event: push, api: github.url, token: "ghs_x", inputs });
  };

  it.for<[what: string, plan: string | undefined, wanted: string, said: RegExp]>([
    ["that is not there", undefined, digest(""), /There is no artifact "trainyard-plan" in run 4711/],
    ["that was changed on the way", "{}", digest("{ }"), /The plan of this run was changed: it hashes to 44136fa/],
    ["that is no JSON", "{", digest("{"), /Cannot read the plan of this run: it is no JSON/],
    ["of another shape", "{}", digest("{}"), /Cannot read the plan of this run: .*"schema"/],
  ])("%s is used by nobody", async ([, plan, wanted, said]) => {
    const ended = await prepare(plan, wanted);
    expect(ended.code).toBe(1);
    expect(ended.commands).toEqual([expect.stringMatching(said)]);
    expect(ended.outputs).toEqual({});
  });
});

it("the loop as one action refuses a pull request from a fork before anything of it is read", async () => {
  const sha = "a".repeat(40);
  const pull = {
    number: 7,
    title: "A gift",
    state: "open",
    merged: false,
    merge_commit_sha: null,
    mergeable: true,
    draft: false,
    body: null,
    labels: [],
    user: { login: "eve" },
    head: { sha, ref: "gift", repo: { id: 2, full_name: "eve/shop" } },
    base: { sha, ref: "main", repo: { id: 1, full_name: "ada/shop" } },
  };
  await using github = await scriptedGithub({ "GET /repos/ada/shop/pulls/7": { body: pull } });
  const event = { name: "pull_request", payload: { pull_request: { number: 7, head: pull.head, base: pull.base } } };
  const ended = await startAction("loop", { event, api: github.url, token: "ghs_x" });
  expect(ended.code).toBe(1);
  expect(ended.commands).toEqual([expect.stringMatching(/^::error::#7 comes from a fork, .* call the workflow "/)]);
  expect(github.calls()).toEqual(["GET /repos/ada/shop/pulls/7"]);
});
