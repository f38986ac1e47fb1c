import { describe, expect, it } from "vitest";
import { parseCommitSha } from "#core/names.ts";
import { githubChecks } from "#github/conversation/github-checks.ts";
import { githubComments } from "#github/conversation/github-comments.ts";
import { githubEvidence } from "#github/github-evidence.ts";
import { githubPeople } from "#github/conversation/github-people.ts";
import { githubTags } from "#github/github-tags.ts";
import { githubWorkflows } from "#github/github-workflows.ts";
import { scriptedGithub, type Scripted } from "./fixture/scripted-github.ts";

const head = parseCommitSha("a".repeat(40));
const object = "b".repeat(40);
const tree = "c".repeat(40);
const date = new Date("2026-01-02T03:04:05Z");
const app = { kind: "app", slug: "trainyard" } as const;
const repos = "/repos/acme/shop";

describe("errors of GitHub", () => {
  it.for<{ answer: Scripted; code: string; says: RegExp }>([
    {
      answer: { status: 403, body: { message: "Resource not accessible by integration" } },
      code: "forbidden",
      says: /^Cannot comment on #7 in "acme\/shop": GitHub answered 403 .*; add "pull-requests: write" to the permissions of the job or the app$/,
    },
    {
      answer: { status: 401, body: { message: "Bad credentials" } },
      code: "forbidden",
      says: /token is wrong or has expired/,
    },
    { answer: { status: 404, body: { message: "Not Found" } }, code: "not-found", says: /answered 404 "Not Found"$/ },
    {
      answer: { status: 403, body: { message: "You have exceeded a secondary rate limit" } },
      code: "limited",
      says: /wait and run it again/,
    },
    { answer: { status: 429, body: { message: "Slow down" } }, code: "limited", says: /wait/ },
    {
      answer: {
        status: 403,
        body: { message: "API rate limit exceeded for installation" },
        headers: { "x-ratelimit-limit": "1000", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1767323045" },
      },
      code: "limited",
      says: /; it answers again from 03:04:05 UTC on 2026-01-02: run it again then\. A job's GITHUB_TOKEN has 1,000 requests an hour for the whole repository; the app \(writer: app\) has its own/,
    },
    {
      answer: {
        status: 403,
        body: { message: "You have exceeded a secondary rate limit" },
        headers: { "retry-after": "60", date: "Fri, 02 Jan 2026 03:03:05 GMT" },
      },
      code: "limited",
      says: /; it answers again from 03:04:05 UTC on 2026-01-02: run it again then$/,
    },
    {
      answer: { status: 422, body: { message: "Validation Failed", errors: [{ field: "body" }] } },
      code: "refused",
      says: /"field":"body"/,
    },
    {
      answer: { status: 422, body: { message: "Repository rule violations found" } },
      code: "refused",
      says: /bypass list/,
    },
    { answer: { status: 409, body: { message: "Conflict" } }, code: "conflict", says: /409/ },
    {
      answer: { status: 502, body: { message: "Bad gateway" } },
      code: "unreachable",
      says: /whether it was done is not known/,
    },
    {
      answer: { hangUp: true },
      code: "unreachable",
      says: /: http:\/\/127\.0\.0\.1:\d+ gave no answer: ".*"; check that address, .*; whether it was done is not known: run it again$/,
    },
  ])("$answer.status becomes $code", async ({ answer, code, says }) => {
    await using server = await scriptedGithub({ [`POST ${repos}/issues/7/comments`]: answer });
    const created = githubComments(server.github, app).create(7, "hello");
    await expect(created).rejects.toMatchObject({ name: "ServiceError", code, message: expect.stringMatching(says) });
    expect(server.calls().filter((call) => call.startsWith("POST"))).toHaveLength(1);
  });

  it("a read without an answer says nothing of what may have been done", async () => {
    await using server = await scriptedGithub({
      [`GET ${repos}/issues/7/comments`]: { status: 503, body: { message: "Unavailable" } },
    });
    await expect(githubComments(server.github, app).own(7)).rejects.toThrow(
      /GitHub answered 503 "Unavailable"; run it again$/,
    );
  });

  it("mayWrite() answers no to any of them", async () => {
    await using server = await scriptedGithub({ [`GET ${repos}/collaborators/eve/permission`]: { status: 500 } });
    expect(await githubPeople(server.github).mayWrite("eve")).toBe(false);
  });
});

describe("writes whose outcome is not known", () => {
  const tagged = { [`POST ${repos}/git/tags`]: { status: 201, body: { sha: object } } };
  const refs = `POST ${repos}/git/refs`;
  const ref = `GET ${repos}/git/ref/tags/churn@v1.0.0`;
  const tag = { name: "churn@v1.0.0", target: head, message: "m", date };
  const points = (sha: string): Scripted => ({ body: { ref: "refs/tags/churn@v1.0.0", object: { sha, type: "tag" } } });

  it("Tags.create() finds its own ref after a cut connection", async () => {
    await using server = await scriptedGithub({ ...tagged, [refs]: { hangUp: true }, [ref]: points(object) });
    expect(await githubTags(server.github, app).create(tag)).toBe("created");
    expect(server.calls()).toEqual(["POST /git/tags", "POST /git/refs", "GET /git/ref/tags/churn@v1.0.0"]);
  });

  it("Tags.create() finds another's ref after a 502", async () => {
    await using server = await scriptedGithub({ ...tagged, [refs]: { status: 502 }, [ref]: points(tree) });
    expect(await githubTags(server.github, app).create(tag)).toBe("exists");
  });

  it("Tags.create() sends it again where nothing arrived", async () => {
    await using server = await scriptedGithub({
      ...tagged,
      [refs]: [{ status: 502 }, { status: 201, body: {} }],
      [ref]: { status: 404 },
    });
    expect(await githubTags(server.github, app).create(tag)).toBe("created");
    expect(server.calls().filter((call) => call === "POST /git/refs")).toHaveLength(2);
  });

  it("Tags.create() is exists at 422, and an error where a ruleset refuses", async () => {
    await using taken = await scriptedGithub({
      ...tagged,
      [refs]: { status: 422, body: { message: "Reference already exists" } },
    });
    expect(await githubTags(taken.github, app).create(tag)).toBe("exists");
    await using ruled = await scriptedGithub({
      ...tagged,
      [refs]: {
        status: 422,
        body: { message: "Repository rule violations found\n\nCannot create ref due to creations being restricted." },
      },
    });
    await expect(githubTags(ruled.github, app).create(tag)).rejects.toThrow(/exempt/);
  });

  it("Checks.create() looks for its external id before it creates another", async () => {
    const check = { state: { kind: "in_progress" }, title: "t", summary: "s", externalId: "evidence-1" } as const;
    const run = {
      id: 5,
      name: "trainyard",
      status: "in_progress",
      conclusion: null,
      external_id: "evidence-1",
      app: { slug: "trainyard" },
      output: { title: "t", summary: "s" },
    };
    const list = `GET ${repos}/commits/${head}/check-runs`;
    await using there = await scriptedGithub({
      [`POST ${repos}/check-runs`]: { status: 500 },
      [list]: { body: { total_count: 1, check_runs: [run] } },
    });
    await githubChecks(there.github, app).create(head, check);
    expect(there.calls().filter((call) => call.startsWith("POST"))).toHaveLength(1);
    await using gone = await scriptedGithub({
      [`POST ${repos}/check-runs`]: [{ status: 500 }, { status: 201 }],
      [list]: { body: { total_count: 0, check_runs: [] } },
    });
    await githubChecks(gone.github, app).create(head, check);
    expect(gone.calls().filter((call) => call.startsWith("POST"))).toHaveLength(2);
  });

  it("EvidenceStore.write() finds that a move without an answer was made", async () => {
    const tip = (commit: string, at: string): Scripted => ({
      body: { commit: { sha: commit, commit: { tree: { sha: at } } } },
    });
    await using server = await scriptedGithub({
      [`GET ${repos}/branches/trainyard`]: [tip(head, tree), tip(object, "d".repeat(40))],
      [`POST ${repos}/git/trees`]: { status: 201, body: { sha: "d".repeat(40) } },
      [`POST ${repos}/git/commits`]: { status: 201, body: { sha: object } },
      [`PATCH ${repos}/git/refs/heads/trainyard`]: { hangUp: true },
    });
    const store = githubEvidence(server.github, { blob: () => Promise.resolve(new Uint8Array()), backOffMs: 1 });
    await store.write(new Map([["a.json", "1"]]), "one");
    expect(server.calls().filter((call) => call.startsWith("PATCH"))).toHaveLength(1);
  });

  it("EvidenceStore.write() names the exemption where a ruleset refuses it, and does not go on trying", async () => {
    await using server = await scriptedGithub({
      [`GET ${repos}/branches/trainyard`]: { status: 404 },
      [`POST ${repos}/git/trees`]: { status: 201, body: { sha: tree } },
      [`POST ${repos}/git/commits`]: { status: 201, body: { sha: object } },
      [refs]: { status: 422, body: { message: "Repository rule violations found" } },
    });
    const store = githubEvidence(server.github, { blob: () => Promise.resolve(new Uint8Array()), backOffMs: 1 });
    await expect(store.write(new Map([["a.json", "1"]]), "one")).rejects.toThrow(
      /Cannot write to the branch "trainyard" of "acme\/shop".*bypass list/,
    );
    expect(server.calls().filter((call) => call.startsWith("POST /git/refs"))).toHaveLength(1);
  });
});

describe("what is not ours", () => {
  it("Comments.own() leaves out what others wrote, whatever it holds", async () => {
    const body = "<!-- trainyard -->";
    await using server = await scriptedGithub({
      [`GET ${repos}/issues/7/comments`]: {
        body: [
          { id: 1, body, user: { login: "eve" } },
          { id: 2, body, user: { login: "eve" }, performed_via_github_app: { slug: "trainyard" } },
          { id: 3, body, user: { login: "other[bot]" }, performed_via_github_app: { slug: "other" } },
          { id: 4, body, user: { login: "trainyard[bot]" }, performed_via_github_app: { slug: "trainyard" } },
          { id: 5, body, user: { login: "github-actions[bot]" } },
          { id: 6, body, user: null },
        ],
      },
    });
    expect(await githubComments(server.github, app).own(7)).toMatchObject([{ id: 4, body }]);
    expect(await githubComments(server.github, { kind: "actions" }).own(7)).toMatchObject([{ id: 5, body }]);
  });

  it("Checks.find() leaves out a check of our name by another app, and never takes an odd conclusion for green", async () => {
    const run = (id: number, slug: string, conclusion: string) => ({
      id,
      name: "trainyard",
      status: "completed",
      conclusion,
      external_id: null,
      app: { slug },
      output: { title: null, summary: null },
    });
    await using server = await scriptedGithub({
      [`GET ${repos}/commits/${head}/check-runs`]: {
        body: { total_count: 2, check_runs: [run(9, "github-actions", "success"), run(8, "trainyard", "skipped")] },
      },
    });
    expect(await githubChecks(server.github, app).find(head)).toMatchObject({
      id: 8,
      state: { kind: "completed", conclusion: "failure" },
    });
  });
});

describe("githubWorkflows()", () => {
  const path = `POST ${repos}/actions/workflows/trainyard.yml/dispatches`;
  const runs = {
    [`GET ${repos}/actions/workflows/trainyard.yml/runs`]: { body: { total_count: 0, workflow_runs: [] } },
  };
  const options = { path: ".github/workflows/trainyard.yml", defaultBranch: () => Promise.resolve("main") };

  it("dispatch() answers the run, also of a GitHub that does not name it", async () => {
    await using names = await scriptedGithub({
      ...runs,
      [path]: { body: { workflow_run_id: 12, run_url: "", html_url: "" } },
    });
    expect(await githubWorkflows(names.github, options).dispatch({ pull: "7" })).toEqual({ run: 12 });
    expect(names.seen.at(-1)?.body).toEqual({ ref: "main", inputs: { pull: "7" }, return_run_details: true });
    await using old = await scriptedGithub({
      ...runs,
      [path]: [
        { status: 400, body: { message: 'Invalid request. "return_run_details" is not permitted' } },
        { status: 204 },
      ],
    });
    expect(await githubWorkflows(old.github, options).dispatch({})).toEqual({ run: undefined });
  });

  const run = (id: number, title: string, status: string) => ({
    id,
    display_title: title,
    status,
    actor: { login: "trainyard[bot]" },
  });
  const list = `GET ${repos}/actions/workflows/trainyard.yml/runs`;
  const listed = (...all: readonly unknown[]): Scripted => ({ body: { total_count: all.length, workflow_runs: all } });
  const mine = { ...options, actor: "trainyard[bot]" };

  it("dispatch() finds the run that an older GitHub does not name", async () => {
    const before = run(11, "train 6 abc false", "completed");
    await using old = await scriptedGithub({
      [list]: [listed(before), listed(before), listed(before), listed(run(12, "Trainyard", "queued"), before)],
      [path]: [
        { status: 422, body: { message: 'Invalid request. "return_run_details" is not a permitted key.' } },
        { status: 204 },
      ],
    });
    expect(await githubWorkflows(old.github, mine).dispatch({ command: "train", pull: "7", head: "abc" })).toEqual({
      run: 12,
    });
  });

  it("dispatch() starts nothing that is under way for the very same thing", async () => {
    const train = { command: "train", pull: "7", head: "abc", again: "false" };
    const going = run(12, "train 7 abc false", "in_progress");
    const started = { body: { workflow_run_id: 13, run_url: "", html_url: "" } };
    await using server = await scriptedGithub({ [list]: listed(going), [path]: started });
    const workflows = githubWorkflows(server.github, mine);
    expect(await workflows.dispatch(train)).toEqual({ run: 12 });
    expect(server.calls().filter((call) => call.startsWith("POST"))).toEqual([]);
    // another head, another word, or no exact thing at all
    for (const other of [{ ...train, head: "abd" }, { ...train, again: "true" }, { command: "promote" }])
      expect(await workflows.dispatch(other)).toEqual({ run: 13 });
    // what has ended may be asked for once more
    await using ended = await scriptedGithub({ [list]: listed({ ...going, status: "completed" }), [path]: started });
    expect(await githubWorkflows(ended.github, mine).dispatch(train)).toEqual({ run: 13 });
  });

  it("cancel() of a run that has ended is nothing", async () => {
    await using server = await scriptedGithub({
      [`POST ${repos}/actions/runs/12/cancel`]: {
        status: 409,
        body: { message: "Cannot cancel a workflow run that is completed." },
      },
    });
    await expect(githubWorkflows(server.github, options).cancel(12)).resolves.toBeUndefined();
  });
});
