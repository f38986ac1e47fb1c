import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { aWorld, branch, clone, openPull, put, type Json } from "./a-forge.ts";

it("a pull request from a push is test-merged, followed, and merged", async () => {
  const { forge, repo, token, api } = await aWorld();
  const events: string[] = [];
  forge.on("*", ({ name, action }) => void events.push(action === null ? name : `${name}.${action}`));
  const work = await clone(forge, repo, token);
  await work.git("switch", "--quiet", "--create", "topic");
  await writeFile(join(work.folder, "a.txt"), "one\n");
  await work.git("add", ".");
  await work.git("commit", "--quiet", "--message", "Add a");
  await work.git("push", "--quiet", "origin", "topic");
  const opened = await openPull(api, "topic");
  expect(opened).toMatchObject({ number: 1, mergeable: null, merged: false, changed_files: 1, commits: 1 });
  await forge.settled();
  const head = await work.git("rev-parse", "topic");
  const base = await work.git("rev-parse", "main");
  const read = await api("GET /repos/acme/shop/pulls/1");
  expect(read.body).toMatchObject({
    mergeable: true,
    mergeable_state: "clean",
    head: { sha: head },
    base: { sha: base },
  });
  await work.git("fetch", "--quiet", "origin", "refs/pull/1/merge:m", "refs/pull/1/head:h");
  expect(await work.git("rev-parse", "h", "m^1", "m^2")).toBe(`${head}\n${base}\n${head}`);
  expect(read.body.merge_commit_sha).toBe(await work.git("rev-parse", "m"));

  await writeFile(join(work.folder, "a.txt"), "two\n");
  await work.git("commit", "--quiet", "--all", "--message", "Change a");
  await work.git("push", "--quiet", "origin", "topic");
  const next = await work.git("rev-parse", "topic");
  const followed = await api("GET /repos/acme/shop/pulls/1");
  expect(followed.body.head.sha).toBe(next);
  const files = await api("GET /repos/acme/shop/pulls/1/files");
  expect(files.body).toMatchObject([
    { filename: "a.txt", status: "added", additions: 1, patch: "@@ -0,0 +1 @@\n+two" },
  ]);

  const wrong = await api("PUT /repos/acme/shop/pulls/1/merge", { sha: head });
  expect(wrong.status).toBe(409);
  const merged = await api("PUT /repos/acme/shop/pulls/1/merge", { sha: next });
  expect(merged).toMatchObject({ status: 200, body: { merged: true } });
  await work.git("fetch", "--quiet", "origin");
  expect(await work.git("log", "-1", "--format=%P%n%s", "origin/main")).toBe(
    `${base} ${next}\nMerge pull request #1 from acme/topic`,
  );
  await forge.settled();
  expect(events).toEqual([
    "push",
    "create",
    "pull_request.opened",
    "push",
    "pull_request.synchronize",
    "pull_request.closed",
    "push",
  ]);
  const again = await api("PUT /repos/acme/shop/pulls/1/merge", {});
  expect(again.status).toBe(405);
});

it.for([
  { method: "merge", parents: 2, messages: ["Merge pull request #1 from acme/topic\n\nAdd things", "Add c", "Add b"] },
  {
    method: "squash",
    parents: 1,
    messages: ["Add things (#1)\n\n* Change a.txt\n\n* Add b", "Add c", "Start"],
  },
  { method: "rebase", parents: 1, messages: ["Add b", "Change a.txt", "Add c"] },
])("a pull request merged by $method is reverted by the button", async ({ method, parents, messages }) => {
  const { forge, repo, api } = await aWorld();
  await branch(api, "topic", "a.txt", "one\n");
  await put(api, "b.txt", "two\n", "Add b", { branch: "topic" });
  const { number } = await openPull(api, "topic", "Add things");
  await put(api, "c.txt", "elsewhere\n", "Add c");
  const merged = await api(`PUT /repos/acme/shop/pulls/${number}/merge`, { merge_method: method });
  expect(merged.status, merged.text).toBe(200);
  const main = await api("GET /repos/acme/shop/commits?per_page=3");
  expect(main.body[0].parents).toHaveLength(parents);
  expect(main.body[0].author.login).toBe("ada");
  expect(main.body.map((one: Json) => one.commit.message).toSorted()).toEqual(messages.toSorted());
  const brought = await api(`GET /repos/acme/shop/commits/${merged.body.sha}/pulls`);
  expect(brought.body.map((one: Json) => one.number)).toEqual([1]);

  const undo = await forge.revertPull(repo, number, "ada");
  const pull = await api(`GET /repos/acme/shop/pulls/${undo}`);
  expect(pull.body).toMatchObject({
    title: 'Revert "Add things"',
    body: "Reverts acme/shop#1",
    head: { ref: "revert-1-topic" },
  });
  const commits = await api(`GET /repos/acme/shop/pulls/${undo}/commits`);
  expect(commits.body.map((one: Json) => one.commit.message)).toEqual([
    `Revert "Add things (#1)"\n\nThis reverts commit ${merged.body.sha}.`,
  ]);
  const files = await api(`GET /repos/acme/shop/pulls/${undo}/files`);
  expect(files.body.map((one: Json) => [one.filename, one.status])).toEqual([
    ["a.txt", "removed"],
    ["b.txt", "removed"],
  ]);
});

it("pull requests that conflict are not merged, and say so", async () => {
  const { forge, api } = await aWorld();
  await branch(api, "one", "README.md", "# One\n");
  await branch(api, "two", "README.md", "# Two\n");
  const first = await openPull(api, "one");
  const second = await openPull(api, "two");
  await forge.settled();
  expect((await api(`GET /repos/acme/shop/pulls/${second.number}`)).body.mergeable).toBe(true);
  expect((await api(`PUT /repos/acme/shop/pulls/${first.number}/merge`, {})).status).toBe(200);
  expect((await api(`GET /repos/acme/shop/pulls/${second.number}`)).body.mergeable).toBe(null);
  await forge.settled();
  const read = await api(`GET /repos/acme/shop/pulls/${second.number}`);
  expect(read.body).toMatchObject({ mergeable: false, mergeable_state: "dirty" });
  expect((await api(`PUT /repos/acme/shop/pulls/${second.number}/merge`, {})).status).toBe(405);
  const updated = await api(`PUT /repos/acme/shop/pulls/${second.number}/update-branch`, {});
  expect(updated.status).toBe(422);
});

it("a base branch that moves elsewhere leaves the test merge as it was, until the head moves", async () => {
  const { forge, repo, api } = await aWorld();
  await branch(api, "topic", "a.txt", "one\n");
  const { number } = await openPull(api, "topic");
  const first = await forge.testMerge(repo, number);
  await put(api, "b.txt", "elsewhere\n", "Add b");
  expect(await forge.testMerge(repo, number)).toBe(first);
  await forge.settled();
  const read = await api(`GET /repos/acme/shop/pulls/${number}`);
  expect(read.body).toMatchObject({ mergeable: true, merge_commit_sha: first });
  const updated = await api(`PUT /repos/acme/shop/pulls/${number}/update-branch`, {
    expected_head_sha: read.body.head.sha,
  });
  expect(updated.status, updated.text).toBe(202);
  const second = await forge.testMerge(repo, number);
  expect(second).not.toBe(first);
  const merge = await api(`GET /repos/acme/shop/git/commits/${second}`);
  const main = await api("GET /repos/acme/shop/git/ref/heads/main");
  expect(merge.body.parents[0].sha).toBe(main.body.object.sha);
});
