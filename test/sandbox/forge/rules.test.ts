import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createForge } from "#sandbox/forge/forge.ts";
import { afterwards, aWorld, branch, clientOf, clone, openPull, put, remoteOf } from "./a-forge.ts";

const shop = "/repos/acme/shop";

it("a branch that asks for a check takes no merge without it", async () => {
  const { forge, repo, api } = await aWorld();
  repo.change({ required_checks: { main: ["verdict"] } });
  const head = await branch(api, "topic", "a.txt", "one\n");
  await openPull(api, "topic");
  await forge.settled();
  const merge = () => api(`PUT ${shop}/pulls/1/merge`, {});
  const state = async (): Promise<string> => (await api(`GET ${shop}/pulls/1`)).body.mergeable_state;
  expect(await state()).toBe("blocked");
  expect(await merge()).toMatchObject({
    status: 405,
    body: { message: 'Required status check "verdict" is expected.' },
  });
  const job = clientOf(forge, forge.createJobToken(repo, { checks: "write" }));
  const check = await job(`POST ${shop}/check-runs`, { name: "verdict", head_sha: head, conclusion: "failure" });
  expect((await merge()).status).toBe(405);
  await job(`PATCH ${shop}/check-runs/${check.body.id}`, { conclusion: "success" });
  expect(await state()).toBe("clean");
  expect((await merge()).status).toBe(200);
});

it("drafts, forbidden methods and merged pull requests are not merged", async () => {
  const { forge, repo, api } = await aWorld();
  const actions: (string | null)[] = [];
  forge.on("pull_request", ({ action }) => void actions.push(action));
  await branch(api, "topic", "a.txt", "one\n");
  const opened = await api(`POST ${shop}/pulls`, { title: "Draft", head: "topic", base: "main", draft: true });
  expect(opened.body.draft).toBe(true);
  const merge = (body = {}) => api(`PUT ${shop}/pulls/1/merge`, body);
  expect((await merge()).body.message).toBe("Pull Request is still a draft");
  await forge.setDraft(repo, 1, false, "ada");
  repo.change({ allow_squash_merge: false });
  expect((await merge({ merge_method: "squash" })).body.message).toBe(
    "Squash merges are not allowed on this repository.",
  );
  expect((await merge()).status).toBe(200);
  expect((await api(`GET ${shop}/pulls/1/merge`)).status).toBe(204);
  expect((await api(`PATCH ${shop}/pulls/1`, { state: "open" })).status).toBe(422);
  await forge.settled();
  expect(actions).toEqual(["opened", "ready_for_review", "closed"]);
});

it("a pull request is edited, closed, opened again, reviewed and asked for", async () => {
  const { forge, api } = await aWorld();
  forge.createUser("bob");
  const bob = clientOf(forge, forge.createToken("bob"));
  await branch(api, "topic", "a.txt", "one\n");
  await branch(api, "other", "b.txt", "two\n");
  await openPull(api, "topic");
  const edited = await api(`PATCH ${shop}/pulls/1`, { title: "New", body: "Text", base: "other" });
  expect(edited.body).toMatchObject({ title: "New", body: "Text", base: { ref: "other" } });
  expect((await bob(`PATCH ${shop}/pulls/1`, { title: "Hijacked" })).status).toBe(403);
  expect((await api(`PATCH ${shop}/pulls/1`, { state: "closed" })).body.state).toBe("closed");
  expect((await api(`GET ${shop}/pulls`)).body).toEqual([]);
  expect((await api(`PATCH ${shop}/pulls/1`, { state: "open" })).body.state).toBe("open");
  expect((await api(`GET ${shop}/pulls?head=acme:topic&base=other`)).body).toMatchObject([{ number: 1 }]);
  const ask = (reviewers: string[]) => api(`POST ${shop}/pulls/1/requested_reviewers`, { reviewers });
  expect((await ask(["acme"])).status).toBe(201);
  expect((await ask(["ada"])).status).toBe(422);
  expect((await ask(["bob"])).status).toBe(422);
  const owner = clientOf(forge, forge.createToken("acme"));
  const review = await owner(`POST ${shop}/pulls/1/reviews`, { event: "APPROVE" });
  expect(review).toMatchObject({ status: 200, body: { state: "APPROVED" } });
  expect((await api(`POST ${shop}/pulls/1/reviews`, { event: "APPROVE" })).status).toBe(422);
  expect((await api(`GET ${shop}/pulls/1/requested_reviewers`)).body.users).toEqual([]);
  expect((await api(`POST ${shop}/pulls`, { title: "Twice", head: "topic", base: "other" })).status).toBe(422);
  expect((await api(`POST ${shop}/pulls`, { title: "x".repeat(257), head: "other", base: "main" })).status).toBe(422);
});

it("workflow files are for people: a token without the permission changes none", async () => {
  const { forge, repo, token, api } = await aWorld();
  const job = forge.createJobToken(repo, { contents: "write" });
  const content = Buffer.from("on: push\n").toString("base64");
  const path = ".github/workflows/loop.yml";
  const wrote = await clientOf(forge, job)(`PUT ${shop}/contents/${path}`, { message: "m", content });
  expect(wrote.status).toBe(403);
  const work = await clone(forge, repo, token);
  await mkdir(join(work.folder, ".github/workflows"), { recursive: true });
  await writeFile(join(work.folder, path), "on: push\n");
  await work.git("add", ".");
  await work.git("commit", "--quiet", "--message", "Add a workflow");
  const push = (as: string, to: string): Promise<string> =>
    work.git("push", "--quiet", remoteOf(forge, repo, as), `HEAD:refs/heads/${to}`);
  await expect(push(job, "x")).rejects.toThrow(
    /refusing to allow a GitHub App to create or update workflow `.*loop.yml`/,
  );
  await push(token, "main");
  await work.git("commit", "--quiet", "--allow-empty", "--message", "Elsewhere");
  await push(job, "y");
  const head = (await api(`GET ${shop}/git/ref/heads/y`)).body.object.sha;
  const made = await clientOf(forge, job)(`POST ${shop}/git/refs`, { ref: "refs/heads/z", sha: head });
  expect(made.status, made.text).toBe(201);
});

it("statuses of a commit are combined", async () => {
  const { api } = await aWorld();
  const sha = (await api(`GET ${shop}/git/ref/heads/main`)).body.object.sha;
  expect((await api(`GET ${shop}/commits/${sha}/status`)).body).toMatchObject({ state: "pending", total_count: 0 });
  for (const state of ["pending", "success"]) await api(`POST ${shop}/statuses/${sha}`, { state, context: "ci" });
  expect((await api(`GET ${shop}/commits/main/status`)).body).toMatchObject({ state: "success", total_count: 1 });
  await api(`POST ${shop}/statuses/${sha}`, { state: "failure" });
  expect((await api(`GET ${shop}/commits/main/status`)).body.state).toBe("failure");
  expect((await api(`GET ${shop}/commits/main/statuses`)).body).toHaveLength(3);
  expect((await api(`POST ${shop}/statuses/${"1".repeat(40)}`, { state: "success" })).status).toBe(422);
});

it("events of a job's token say so, for whoever decides about runs", async () => {
  const { forge, repo } = await aWorld();
  const kinds: string[] = [];
  forge.on("push", ({ actorKind, actor }) => void kinds.push(`${actorKind} ${actor.account?.login}`));
  await put(clientOf(forge, forge.createJobToken(repo, { contents: "write" })), "a", "x", "m");
  await forge.settled();
  expect(kinds).toEqual(["job github-actions[bot]"]);
});

it("a listener hears of a pull request once its test merge stands", async () => {
  const { forge, api } = await aWorld();
  const merges: (string | undefined)[] = [];
  forge.on("pull_request", async ({ repo, action }) => {
    if (action === "opened") merges.push((await repo.git.ref("refs/pull/1/merge"))?.sha);
  });
  await branch(api, "topic", "a.txt", "one\n");
  await openPull(api, "topic");
  await forge.settled();
  expect(merges).toEqual([(await api(`GET ${shop}/pulls/1`)).body.merge_commit_sha]);
});

it("a folder is one process's", async () => {
  const { forge } = await aWorld();
  await writeFile(join(forge.folder, "lock"), "1");
  const second = createForge({ folder: forge.folder });
  afterwards(() => second.stop());
  await expect(second.start()).rejects.toThrow(
    `Cannot open the sandbox in "${forge.folder}": process 1 has it open: stop that one, or name another folder`,
  );
});
