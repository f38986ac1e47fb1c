import { createSign } from "node:crypto";
import { expect, it } from "vitest";
import type { Permissions } from "#sandbox/forge/records.ts";
import {
  afterwards,
  aWorld,
  branch,
  type Client,
  clientOf,
  clone,
  remoteOf,
  startForge,
  temporaryFolder,
  gitIn,
  type World,
} from "./a-forge.ts";

const shop = "/repos/acme/shop";

function signJwt(key: string, claims: Record<string, unknown>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(key, "base64url")}`;
}

type App = World & { jwt: Client; id: number; key: string; installation: number };

async function anApp(permissions: Permissions, world?: World): Promise<App> {
  const { forge, ...rest } = world ?? (await aWorld());
  const { app, privateKey } = forge.createApp({ slug: "trainyard", owner: "acme", permissions, events: [] });
  const installation = forge.install(app, "acme").id;
  const now = Math.floor(Date.now() / 1000);
  const jwt = clientOf(forge, signJwt(privateKey, { iss: String(app.id), iat: now - 60, exp: now + 540 }));
  return { forge, ...rest, jwt, id: app.id, key: privateKey, installation };
}

async function tokenOf(app: App, body: Record<string, unknown> = {}): Promise<string> {
  const reply = await app.jwt(`POST /app/installations/${app.installation}/access_tokens`, body);
  expect(reply.status, reply.text).toBe(201);
  return reply.body.token;
}

it("an app signs in, mints a token, and acts as its bot", async () => {
  const app = await anApp({ contents: "write", pull_requests: "write" });
  expect((await app.jwt("GET /app")).body).toMatchObject({ slug: "trainyard", installations_count: 1 });
  expect((await app.jwt(`GET ${shop}/installation`)).body.id).toBe(app.installation);
  const token = await tokenOf(app);
  expect(token).toMatch(/^ghs_[A-Za-z0-9._]{36,}/);
  const api = clientOf(app.forge, token);
  await branch(api, "topic", "a.txt", "one\n");
  const opened = await api(`POST ${shop}/pulls`, { title: "By a bot", head: "topic", base: "main" });
  expect(opened.body.user).toMatchObject({ login: "trainyard[bot]", type: "Bot" });
  expect((await api("GET /installation/repositories")).body).toMatchObject({ total_count: 1 });
  const refused = await api(`POST ${shop}/issues`, { title: "No" });
  expect(refused).toMatchObject({ status: 403, body: { message: "Resource not accessible by integration" } });
  expect((await app.jwt(`GET ${shop}/pulls`)).status).toBe(403);
  expect((await api("DELETE /installation/token")).status).toBe(204);
  expect((await api(`GET ${shop}`)).status).toBe(401);
});

it("a token is narrowed to permissions and repositories, never widened", async () => {
  const app = await anApp({ contents: "read", issues: "write" });
  const other = await app.forge.createRepository({ owner: "acme", name: "other", private: true });
  const ask = (body: Record<string, unknown>) =>
    app.jwt(`POST /app/installations/${app.installation}/access_tokens`, body);
  expect((await ask({ permissions: { contents: "write" } })).status).toBe(422);
  expect((await ask({ permissions: { checks: "read" } })).status).toBe(422);
  expect((await ask({ repository_ids: [999_999] })).status).toBe(422);
  expect((await ask({ repositories: ["none"] })).status).toBe(422);
  const narrow = clientOf(
    app.forge,
    await tokenOf(app, { repository_ids: [app.repo.id], permissions: { contents: "read" } }),
  );
  expect((await narrow(`GET ${shop}/git/ref/heads/main`)).status).toBe(200);
  expect((await narrow(`POST ${shop}/issues`, { title: "No" })).status).toBe(403);
  expect((await narrow(`GET /repos/${other.fullName}`)).status).toBe(404);
  const wide = clientOf(app.forge, await tokenOf(app));
  expect((await wide(`GET /repos/${other.fullName}`)).status).toBe(200);
});

it.for([
  { what: "signed by another key", change: {}, other: true, status: 401 },
  { what: "expired", change: { exp: -10 }, other: false, status: 401 },
  { what: "too long", change: { exp: 3600 }, other: false, status: 401 },
  { what: "from the future", change: { iat: 600 }, other: false, status: 401 },
  { what: "of nobody", change: { iss: "1" }, other: false, status: 404 },
])("a JWT $what is refused", async ({ change, other, status }) => {
  const app = await anApp({ contents: "read" });
  const stranger = app.forge.createApp({ slug: "stranger", owner: "acme", permissions: {}, events: [] });
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: String(app.id), iat: now - 60, exp: now + 500, ...change } as Record<string, unknown>;
  if ("exp" in change) claims["exp"] = now + change.exp;
  if ("iat" in change) claims["iat"] = now + change.iat;
  const jwt = clientOf(app.forge, signJwt(other ? stranger.privateKey : app.key, claims));
  expect((await jwt("GET /app")).status).toBe(status);
});

it("tokens end: an installation's after an hour, a job's when it is revoked", async () => {
  let now = new Date();
  const world = await aWorld({ tokenClock: () => now });
  const app = await anApp({ contents: "read" }, world);
  const api = clientOf(world.forge, await tokenOf(app));
  const token = world.forge.createJobToken(world.repo, { contents: "read" });
  const job = clientOf(world.forge, token);
  expect((await api(`GET ${shop}`)).status).toBe(200);
  now = new Date(now.getTime() + 3_601_000);
  expect((await api(`GET ${shop}`)).body.message).toBe("Bad credentials");
  expect((await job(`GET ${shop}`)).status).toBe(200);
  world.forge.revokeToken(token);
  expect((await job(`GET ${shop}`)).status).toBe(401);
});

it("a job's token acts as github-actions[bot] with exactly its permissions", async () => {
  const { forge, repo, api } = await aWorld();
  const head = await branch(api, "topic", "a.txt", "one\n");
  const job = clientOf(forge, forge.createJobToken(repo, { checks: "write", contents: "read" }));
  const check = await job(`POST ${shop}/check-runs`, { name: "verdict", head_sha: head });
  expect(check.status, check.text).toBe(201);
  expect(check.body.app.slug).toBe("github-actions");
  expect((await job(`POST ${shop}/git/refs`, { ref: "refs/heads/x", sha: head })).status).toBe(403);
  expect((await job(`POST ${shop}/pulls`, { title: "x", head: "topic", base: "main" })).status).toBe(403);
  const person = await api(`POST ${shop}/check-runs`, { name: "verdict", head_sha: head });
  expect(person.status).toBe(403);
});

it("people may do what their role says", async () => {
  const { forge, repo, api } = await aWorld();
  forge.createUser("reader");
  forge.createUser("stranger");
  repo.change({ private: true, collaborators: { ...repo.record.collaborators, reader: "read" } });
  const reader = clientOf(forge, forge.createToken("reader"));
  const stranger = clientOf(forge, forge.createToken("stranger"));
  const main = (await reader(`GET ${shop}/git/ref/heads/main`)).body.object.sha;
  expect((await reader(`POST ${shop}/git/refs`, { ref: "refs/heads/x", sha: main })).status).toBe(403);
  expect((await stranger(`GET ${shop}`)).status).toBe(404);
  expect((await clientOf(forge)(`GET ${shop}`)).status).toBe(404);
  const bad = await clientOf(forge, "ghp_wrong")(`GET ${shop}`);
  expect(bad).toMatchObject({ status: 401, body: { message: "Bad credentials" } });
  const roles = await Promise.all(
    ["acme", "ada", "reader", "stranger"].map((login) => api(`GET ${shop}/collaborators/${login}/permission`)),
  );
  expect(roles.map(({ body }) => [body.role_name, body.permission])).toEqual([
    ["admin", "admin"],
    ["write", "write"],
    ["read", "read"],
    ["none", "none"],
  ]);
  expect((await api(`GET ${shop}/collaborators/nobody/permission`)).status).toBe(404);
  expect((await api(`GET ${shop}/collaborators/reader`)).status).toBe(204);
  expect((await api(`GET ${shop}/collaborators/stranger`)).status).toBe(404);
});

it("git asks for a token, and pushes only with the right to write", async () => {
  const { forge, repo, token } = await aWorld();
  const work = await clone(forge, repo, token);
  await work.git("commit", "--quiet", "--allow-empty", "--message", "Empty");
  const push = (url: string): Promise<string> => work.git("push", "--quiet", url, "HEAD:refs/heads/topic");
  const anonymous = `${forge.urls.server}/acme/shop.git`;
  await expect(push(anonymous)).rejects.toThrow(/could not read Username|Authentication failed/);
  await expect(push(remoteOf(forge, repo, forge.createJobToken(repo, { contents: "read" })))).rejects.toThrow(/403/);
  await push(remoteOf(forge, repo, forge.createJobToken(repo, { contents: "write" })));
  await expect(work.git("push", "--quiet", "origin", "HEAD:refs/pull/1/head")).rejects.toThrow(/hidden ref/);
  expect(await work.git("ls-remote", anonymous, "topic")).not.toBe("");
  repo.change({ private: true });
  await expect(work.git("ls-remote", anonymous)).rejects.toThrow(/could not read Username|Authentication failed/);
});

it("any commit can be fetched by its id, and clones may be partial", async () => {
  const { forge, repo, token, api } = await aWorld();
  const head = await branch(api, "topic", "a.txt", "one\n");
  await api(`DELETE ${shop}/git/refs/heads/topic`);
  const folder = temporaryFolder();
  await gitIn(folder, "clone", "--quiet", "--filter=blob:none", "--no-checkout", remoteOf(forge, repo, token), ".");
  await gitIn(folder, "fetch", "--quiet", "origin", head);
  expect(await gitIn(folder, "cat-file", "-t", head)).toBe("commit");
});

it("a port that is taken is one clear sentence", async () => {
  const { forge } = await aWorld();
  const port = Number(new URL(forge.urls.server).port);
  const second = await startForge();
  await second.stop();
  await expect(second.start(port)).rejects.toThrow(
    `Cannot start the sandbox on "127.0.0.1:${port}": port "${port}" is taken by another program: name a free one, or 0 for any`,
  );
  afterwards(() => {});
});
