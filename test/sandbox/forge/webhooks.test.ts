import { createHmac, createSign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { createForge, type LocalForge } from "#sandbox/forge/forge.ts";
import {
  afterwards,
  aWorld,
  branch,
  type Client,
  clientOf,
  clone,
  openPull,
  put,
  temporaryFolder,
  type Json,
} from "./a-forge.ts";

type Received = { headers: Record<string, string | string[] | undefined>; body: string };

async function aReceiver(
  status = 200,
): Promise<{ url: string; received: Received[]; answer: (status: number) => void }> {
  const received: Received[] = [];
  let code = status;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(code);
      response.end("seen");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterwards(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, received, answer: (next) => (code = next) };
}

function jwtOf(forge: LocalForge, id: number, key: string): Client {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const text = `${part({ alg: "RS256" })}.${part({ iss: String(id), iat: now - 10, exp: now + 300 })}`;
  return clientOf(forge, `${text}.${createSign("RSA-SHA256").update(text).sign(key, "base64url")}`);
}

it("an app's webhooks are signed, in order, logged, and sent again under the same GUID", async () => {
  const { forge, api } = await aWorld();
  const { url, received, answer } = await aReceiver();
  const { app, privateKey } = forge.createApp({
    slug: "trainyard",
    owner: "acme",
    permissions: { contents: "write" },
    events: ["push", "pull_request"],
    webhook: { url, secret: "s3cret" },
  });
  const installation = forge.install(app, "acme");
  await branch(api, "topic", "a.txt", "one\n");
  await openPull(api, "topic");
  await forge.settled();
  const names = (): string[] => received.map(({ headers }) => String(headers["x-github-event"]));
  // the branch's making and the commit on it are two pushes; "create" is not subscribed to
  expect(names()).toEqual(["installation", "push", "push", "pull_request"]);
  for (const { headers, body } of received) {
    const mac = createHmac("sha256", "s3cret").update(body).digest("hex");
    expect(headers["x-hub-signature-256"]).toBe(`sha256=${mac}`);
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "x-github-hook-installation-target-type": "integration",
      "x-github-hook-installation-target-id": String(app.id),
    });
    expect(headers["user-agent"]).toMatch(/^GitHub-Hookshot\//);
    expect(JSON.parse(body).installation.id).toBe(installation.id);
  }
  const pull = JSON.parse(received[3]?.body ?? "");
  expect(pull).toMatchObject({
    action: "opened",
    number: 1,
    sender: { login: "ada" },
    pull_request: { mergeable: null },
  });
  const push = JSON.parse(received[2]?.body ?? "");
  expect(push).toMatchObject({ ref: "refs/heads/topic", created: false, deleted: false, forced: false });
  expect(push.commits).toMatchObject([{ message: "Change a.txt", added: ["a.txt"], author: { username: "ada" } }]);

  answer(500);
  await put(api, "b.txt", "two\n", "Add b");
  await forge.settled();
  const jwt = jwtOf(forge, app.id, privateKey);
  const log = await jwt("GET /app/hook/deliveries?status=failure");
  expect(log.body).toMatchObject([{ event: "push", status_code: 500, redelivery: false }]);
  const one = await jwt(`GET /app/hook/deliveries/${log.body[0].id}`);
  expect(one.body).toMatchObject({ response: { payload: "seen" }, request: { payload: { ref: "refs/heads/main" } } });
  answer(200);
  expect((await jwt(`POST /app/hook/deliveries/${log.body[0].id}/attempts`, {})).status).toBe(202);
  await forge.settled();
  const [last, again] = received.slice(-2);
  expect(again?.headers["x-github-delivery"]).toBe(last?.headers["x-github-delivery"]);
  expect(again?.body).toBe(last?.body);
  const all = await jwt("GET /app/hook/deliveries?per_page=2");
  expect(all.body).toMatchObject([{ redelivery: true, status: "OK", guid: log.body[0].guid }, { redelivery: false }]);
  const next = /<([^>]+)>; rel="next"/.exec(all.headers.get("link") ?? "")?.[1];
  expect((await jwt(`GET ${next}`)).body).toHaveLength(2);
});

it("a push says what was created, forced and deleted, and more than three tags at once say nothing", async () => {
  const { forge, repo, token } = await aWorld();
  const said: string[] = [];
  forge.on("push", ({ payload }) => {
    const { ref, created, deleted, forced, commits } = payload as Json;
    said.push(
      `${ref} ${created ? "created " : ""}${deleted ? "deleted " : ""}${forced ? "forced " : ""}${commits.length}`,
    );
  });
  const work = await clone(forge, repo, token);
  await work.git("switch", "--quiet", "--create", "topic");
  await work.git("commit", "--quiet", "--allow-empty", "--message", "One");
  await work.git("push", "--quiet", "origin", "topic");
  await work.git("commit", "--quiet", "--amend", "--allow-empty", "--message", "Other");
  await work.git("push", "--quiet", "--force", "origin", "topic");
  await work.git("push", "--quiet", "origin", ":topic");
  for (const name of ["a", "b", "c", "d"]) await work.git("tag", name);
  await work.git("push", "--quiet", "origin", "a");
  await work.git("push", "--quiet", "origin", "--tags");
  for (const name of ["e", "f", "g", "h"]) await work.git("tag", name);
  await work.git("push", "--quiet", "origin", "--tags");
  await forge.settled();
  expect(said).toEqual([
    "refs/heads/topic created 1",
    "refs/heads/topic forced 1",
    "refs/heads/topic deleted 0",
    "refs/tags/a created 0",
    "refs/tags/b created 0",
    "refs/tags/c created 0",
    "refs/tags/d created 0",
  ]);
});

it("a branch that vanishes closes its pull request; commits that come otherwise merge it", async () => {
  const { forge, repo, api, token } = await aWorld();
  await branch(api, "one", "a.txt", "one\n");
  await branch(api, "two", "b.txt", "two\n");
  await openPull(api, "one");
  await openPull(api, "two");
  const work = await clone(forge, repo, token);
  await work.git("push", "--quiet", "origin", ":one");
  expect((await api("GET /repos/acme/shop/pulls/1")).body).toMatchObject({ state: "closed", merged: false });
  await work.git("push", "--quiet", "origin", "origin/two:main");
  const head = await work.git("rev-parse", "origin/two");
  expect((await api("GET /repos/acme/shop/pulls/2")).body).toMatchObject({
    state: "closed",
    merged: true,
    merge_commit_sha: head,
  });
});

it("what it remembers survives the end of the process", async () => {
  const { forge, repo, api, token } = await aWorld();
  await branch(api, "topic", "a.txt", "one\n");
  await openPull(api, "topic");
  await forge.settled();
  const before = (await api("GET /repos/acme/shop/pulls/1")).body;
  const id = forge.nextId();
  await forge.stop();
  const second = createForge({ folder: forge.folder });
  await second.start();
  afterwards(() => second.stop());
  expect(second.nextId()).toBe(id + 1);
  const again = clientOf(second, token);
  const after = (await again("GET /repos/acme/shop/pulls/1")).body;
  const plain = (one: unknown, url: string): unknown =>
    JSON.parse(JSON.stringify(one).replaceAll(new URL(url).host, "HOST"));
  expect(plain(after, second.urls.server)).toEqual(plain(before, forge.urls.server));
  const opened = await again("POST /repos/acme/shop/issues", { title: "Next" });
  expect(opened.body.number).toBe(2);
  expect(second.repo("acme", "shop")?.id).toBe(repo.id);
});

it("a forge that was killed in the middle of a line loses that line only", async () => {
  const folder = temporaryFolder();
  const first = createForge({ folder });
  first.createUser("acme");
  const { appendFileSync } = await import("node:fs");
  appendFileSync(`${folder}/state/accounts.jsonl`, '{"put":{"id":12,"lo');
  const second = createForge({ folder });
  expect(second.account("acme")?.login).toBe("acme");
  expect(second.createUser("ada").id).toBeGreaterThan(second.account("acme")?.id ?? 0);
  await first.stop();
  await second.stop();
});
