import { describe, expect, it } from "vitest";
import { GithubError } from "#sandbox/forge/contract.ts";
import { createValidator } from "#sandbox/openapi/validator.ts";

const validator = createValidator();
const repo = { owner: "o", repo: "r" };
const issues = "POST /repos/{owner}/{repo}/issues";
const checks = "POST /repos/{owner}/{repo}/check-runs";
const output = { title: "t", summary: "s" };
const annotation = { path: "a", start_line: 1, end_line: 1, annotation_level: "notice", message: "m" };

function refusal(
  operation: string,
  request: { params?: object; query?: object; body?: unknown },
): { status: number; message: string } | undefined {
  try {
    validator.beforeRoute?.(operation, {
      params: { ...repo, ...request.params },
      query: { ...request.query },
      body: request.body,
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
    return { status: error.status, message: error.message };
  }
}

describe("a request that GitHub would take", () => {
  it.for([
    [issues, { body: { title: "t", labels: ["a", { name: "b" }] } }],
    ["GET /repos/{owner}/{repo}/issues", { query: { state: "all", labels: "a,b", per_page: "200", page: "no" } }],
    ["PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge", { params: { pull_number: "3" } }],
    ["PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge", { params: { pull_number: "3" }, body: {} }],
    [
      "POST /repos/{owner}/{repo}/issues/{issue_number}/labels",
      { params: { issue_number: "3" }, body: { labels: ["a"] } },
    ],
    [
      "POST /repos/{owner}/{repo}/deployments",
      { body: { ref: "main", payload: { any: { thing: 1 } }, required_contexts: [] } },
    ],
    [
      "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches",
      { params: { workflow_id: "loop.yml" }, body: { ref: "main", inputs: { a: "b" }, return_run_details: true } },
    ],
    [
      "POST /repos/{owner}/{repo}/releases/{release_id}/assets",
      { params: { release_id: "1" }, query: { name: "model.onnx" } },
    ],
    [
      checks,
      {
        body: {
          name: "n",
          head_sha: "a",
          status: "completed",
          conclusion: "success",
          output: { ...output, annotations: [annotation] },
        },
      },
    ],
  ] as const)("%s %o", ([operation, request]) => {
    expect(refusal(operation, request)).toBeUndefined();
  });
});

describe("a request that GitHub refuses", () => {
  it.for([
    [issues, { body: {} }, 422, `"title" wasn't supplied.`],
    [issues, { body: { title: "t", bodi: "b" } }, 422, `"bodi" is not a permitted key.`],
    [issues, { body: { title: "t", body: 7 } }, 422, "For 'properties/body', 7 is not a string."],
    [issues, { body: { title: null } }, 422, "For 'properties/title', nil is not"],
    [issues, { body: [] }, 400, "Body should be a JSON object"],
    [issues, { body: { title: "t" }, query: { dry_run: "1" } }, 422, `"dry_run" is not a permitted key.`],
    ["GET /repos/{owner}/{repo}/issues/{issue_number}", { params: { issue_number: "abc" } }, 404, "Not Found"],
    [
      "GET /repos/{owner}/{repo}/issues",
      { query: { state: "merged" } },
      422,
      "Must be one of the following: open, closed, all.",
    ],
    ["GET /repos/{owner}/{repo}/issues", { query: { since: "yesterday" } }, 422, "is not a valid date-time"],
    [
      "POST /repos/{owner}/{repo}/releases/{release_id}/assets",
      { params: { release_id: "1" } },
      422,
      `"name" wasn't supplied.`,
    ],
    [
      checks,
      { body: { name: "n", head_sha: "a", output: { titel: "t", summary: "s" } } },
      422,
      `"titel" is not a permitted key.`,
    ],
    [checks, { body: { name: "n", head_sha: "a", status: "done" } }, 422, "Must be one of the following"],
    [
      checks,
      {
        body: {
          name: "n",
          head_sha: "a",
          output: { ...output, annotations: Array.from({ length: 51 }, () => annotation) },
        },
      },
      422,
      "No more than 50 items are allowed; 51 were supplied.",
    ],
    [
      checks,
      { body: { name: "n", head_sha: "a", output: { ...output, summary: "x".repeat(65_536) } } },
      422,
      "Only 65535 characters are allowed; 65536 were supplied.",
    ],
    [
      "POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel",
      { params: { run_id: "1" }, body: { why: "x" } },
      422,
      `"why" is not a permitted key.`,
    ],
  ] as const)("%s %o", ([operation, request, status, message]) => {
    const refused = refusal(operation, request);
    expect(refused?.status).toBe(status);
    expect(refused?.message).toContain(message);
  });
});

describe("an answer of ours", () => {
  const get = "GET /repos/{owner}/{repo}/issues/{issue_number}";
  const check = (operation: string, status: number, body: unknown, accept = "application/json"): void =>
    validator.afterRoute?.(operation, { status, body, accept });
  const issue = validator.fill?.("issue", { number: 3, user: { login: "ada" } }) ?? {};

  it("is clean when filled", () => expect(() => check(get, 200, issue)).not.toThrow());
  it("names a field that is missing", () =>
    expect(() => check(get, 200, { ...issue, url: undefined })).toThrow('"url" is missing'));
  it("names a field of the wrong type", () =>
    expect(() => check(get, 200, { ...issue, number: "3" })).toThrow('"number" must be integer, it is "3"'));
  it("names a status that is not described", () =>
    expect(() => check(get, 201, issue)).toThrow("answers 201, described are"));
  it("may not have a body where none is described", () =>
    expect(() => check("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", 204, issue)).toThrow(
      "none is described",
    ));
  it("is an error with a message", () => {
    check(get, 404, { message: "Not Found" });
    expect(() => check(get, 404, {})).toThrow("has no message");
  });
  it("may be bytes, or another media type", () => {
    const sha = "GET /repos/{owner}/{repo}/commits/{ref}";
    expect(() => check(get, 200, Buffer.from("x"), "application/octet-stream")).not.toThrow();
    expect(() => check(sha, 200, "abc", "application/vnd.github.sha")).not.toThrow();
  });
  it("must be of an operation that is described", () =>
    expect(() => check("GET /nowhere", 200, {})).toThrow("no such operation"));
});

describe("a payload of ours", () => {
  const webhook = (event: string, action: string | null, payload: Record<string, unknown>): void =>
    validator.webhook?.(event, action, payload);
  it("is clean when filled, keeping what is there", () => {
    const payload =
      validator.fillWebhook?.("pull_request", "synchronize", {
        number: 3,
        pull_request: { title: "T", user: { login: "ada" } },
      }) ?? {};
    expect(payload).toMatchObject({
      action: "synchronize",
      number: 3,
      pull_request: { title: "T", user: { login: "ada" } },
    });
    webhook("pull_request", "synchronize", payload);
    expect(() => webhook("pull_request", "synchronize", { ...payload, number: undefined })).toThrow(
      '"number" is missing',
    );
    expect(() => webhook("pull_request", "opened", payload)).toThrow('"action" must be one of opened');
  });
  it("takes any action of a repository_dispatch", () => {
    const payload = validator.fillWebhook?.("repository_dispatch", "whatever", {}) ?? {};
    expect(() => webhook("repository_dispatch", "whatever", payload)).not.toThrow();
  });
  it("must be of an event that is described", () =>
    expect(() => webhook("pull_request", "merged", {})).toThrow("no such event"));
});
