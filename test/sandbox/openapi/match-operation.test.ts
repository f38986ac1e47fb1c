import { expect, it } from "vitest";
import { matchOperation } from "#sandbox/openapi/match-operation.ts";

it.for([
  ["GET", "/repos/o/r", "GET /repos/{owner}/{repo}", { owner: "o", repo: "r" }],
  [
    "GET",
    "/repos/o/r/contents/a/b%20c.txt",
    "GET /repos/{owner}/{repo}/contents/{path}",
    { owner: "o", repo: "r", path: "a/b c.txt" },
  ],
  [
    "GET",
    "/repos/o/r/compare/main...a/b",
    "GET /repos/{owner}/{repo}/compare/{basehead}",
    { owner: "o", repo: "r", basehead: "main...a/b" },
  ],
  [
    "GET",
    "/repos/o/r/git/ref/tags/churn@v1.0.0",
    "GET /repos/{owner}/{repo}/git/ref/{ref}",
    { owner: "o", repo: "r", ref: "tags/churn@v1.0.0" },
  ],
  [
    "PATCH",
    "/repos/o/r/git/refs/heads/a/b",
    "PATCH /repos/{owner}/{repo}/git/refs/{ref}",
    { owner: "o", repo: "r", ref: "heads/a/b" },
  ],
  [
    "GET",
    "/repos/o/r/commits/a/b/check-runs",
    "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
    { owner: "o", repo: "r", ref: "a/b" },
  ],
  [
    "GET",
    "/repos/o/r/commits/abc/pulls",
    "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls",
    { owner: "o", repo: "r", commit_sha: "abc" },
  ],
  [
    "GET",
    "/repos/o/r/commits/feature/x",
    "GET /repos/{owner}/{repo}/commits/{ref}",
    { owner: "o", repo: "r", ref: "feature/x" },
  ],
  ["GET", "/repos/o/r/releases/latest", "GET /repos/{owner}/{repo}/releases/latest", { owner: "o", repo: "r" }],
  [
    "GET",
    "/repos/o/r/releases/7",
    "GET /repos/{owner}/{repo}/releases/{release_id}",
    { owner: "o", repo: "r", release_id: "7" },
  ],
  [
    "GET",
    "/repos/o/r/issues/comments/3",
    "GET /repos/{owner}/{repo}/issues/comments/{comment_id}",
    { owner: "o", repo: "r", comment_id: "3" },
  ],
] as const)("%s %s", ([method, path, key, params]) => {
  const found = matchOperation(method, path);
  expect(found?.key).toBe(key);
  expect(found?.params).toEqual(params);
});

it.for([
  ["POST", "/repos/o/r"],
  ["GET", "/repos/o/r/stargazers"],
  ["GET", "/graphql"],
] as const)("does not know %s %s", ([method, path]) => {
  expect(matchOperation(method, path)).toBeUndefined();
});
