import { cp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createForge } from "#sandbox/forge/forge.ts";
import {
  afterwards,
  aWorld,
  branch,
  clientOf,
  clone,
  openPull,
  put,
  remoteOf,
  temporaryFolder,
  type Client,
  type Json,
} from "../forge/a-forge.ts";

const shop = "/repos/acme/shop";

async function aFork() {
  const world = await aWorld();
  world.forge.createUser("cyd", { name: "Cyd", email: "cyd@example.com" });
  const token = world.forge.createToken("cyd");
  const cyd = clientOf(world.forge, token);
  const forked = await cyd(`POST ${shop}/forks`, {});
  expect(forked.status, forked.text).toBe(202);
  const fork = world.forge.repo("cyd", "shop");
  if (fork === undefined) throw new Error("there is no fork");
  return { ...world, cyd, cydToken: token, fork, forked };
}

/** Writes a file on a branch of the fork, by the API. */
async function write(cyd: Client, name: string, path: string, text: string): Promise<string> {
  const tip = await cyd("GET /repos/cyd/shop/git/ref/heads/main");
  await cyd("POST /repos/cyd/shop/git/refs", { ref: `refs/heads/${name}`, sha: tip.body.object.sha });
  const content = Buffer.from(text).toString("base64");
  const old = await cyd(`GET /repos/cyd/shop/contents/${path}?ref=${name}`);
  const more = old.status === 200 ? { sha: old.body.sha } : {};
  const wrote = await cyd(`PUT /repos/cyd/shop/contents/${path}`, {
    message: `Write ${path}`,
    content,
    branch: name,
    ...more,
  });
  expect(wrote.status, wrote.text).toBeLessThan(300);
  return wrote.body.commit.sha;
}

it("a fork is made once, by people, and says what it was made of", async () => {
  const { forge, api, repo, cyd, fork, forked } = await aFork();
  expect(forked.body).toMatchObject({ full_name: "cyd/shop", fork: true, parent: { full_name: "acme/shop" } });
  expect(await fork.git.branch("main")).toBe(await repo.git.branch("main"));
  expect((await cyd(`POST ${shop}/forks`, {})).body.id).toBe(forked.body.id);
  expect((await api(`GET ${shop}`)).body).toMatchObject({ fork: false, forks_count: 1 });
  expect((await api(`GET ${shop}/forks`)).body).toMatchObject([{ full_name: "cyd/shop" }]);
  const job = clientOf(forge, forge.createJobToken(repo, { contents: "write", administration: "write" }));
  expect((await job(`POST ${shop}/forks`, {})).status).toBe(403);
  expect((await clientOf(forge)(`POST ${shop}/forks`, {})).status).toBe(401);
  const acme = clientOf(forge, forge.createToken("acme"));
  expect((await acme(`POST ${shop}/forks`, {})).status).toBe(403);
  expect((await cyd(`PUT ${shop}/contents/x`, { message: "m", content: "eA==" })).status).toBe(403);
});

it("a pull request from a fork is opened, followed and merged", async () => {
  const { forge, repo, api, cyd, fork } = await aFork();
  const events: string[] = [];
  forge.on(
    "*",
    (event) => void events.push(`${event.repo.fullName} ${event.name}.${event.action} ${event.actor.account?.login}`),
  );
  const head = await write(cyd, "topic", "a.txt", "one\n");
  const wanted = { title: "From outside", head: "cyd:topic", base: "main" };
  const opened = await cyd(`POST ${shop}/pulls`, wanted);
  expect(opened.status, opened.text).toBe(201);
  expect(opened.body).toMatchObject({
    number: 1,
    changed_files: 1,
    maintainer_can_modify: true,
    author_association: "NONE",
    head: { label: "cyd:topic", sha: head, repo: { full_name: "cyd/shop", fork: true }, user: { login: "cyd" } },
    base: { label: "acme:main", repo: { full_name: "acme/shop", fork: false } },
  });
  await forge.settled();
  expect((await repo.git.ref("refs/pull/1/head"))?.sha).toBe(head);
  expect((await repo.git.commit((await repo.git.ref("refs/pull/1/merge"))?.sha ?? ""))?.parents).toEqual([
    await repo.git.branch("main"),
    head,
  ]);
  expect((await fork.git.refs("refs/pull/")).length).toBe(0);
  // as on GitHub, the fork's commit can be read in the base repository
  expect((await api(`GET ${shop}/git/commits/${head}`)).status).toBe(200);
  expect((await api(`GET ${shop}/compare/main...cyd:topic`)).body).toMatchObject({ ahead_by: 1 });
  expect((await cyd(`POST ${shop}/pulls`, wanted)).body.errors[0].message).toBe(
    "A pull request already exists for cyd:topic.",
  );
  expect((await api(`GET ${shop}/pulls?head=cyd:topic`)).body).toHaveLength(1);
  expect((await api(`GET ${shop}/pulls?head=acme:topic`)).body).toEqual([]);
  // the same name in the repository itself is another branch
  await branch(api, "topic", "b.txt", "two\n");
  expect((await openPull(api, "topic")).number).toBe(2);

  // as measured on github.com: the base repository knows no pull request of a fork's commit, the fork does
  expect((await api(`GET ${shop}/commits/${head}/pulls`)).body).toEqual([]);
  expect((await api(`GET /repos/cyd/shop/commits/${head}/pulls`)).body).toMatchObject([
    { number: 1, base: { repo: { full_name: "acme/shop" } } },
  ]);

  const next = await write(cyd, "topic", "a.txt", "two\n");
  await forge.settled();
  expect((await api(`GET ${shop}/pulls/1`)).body.head.sha).toBe(next);
  const job = clientOf(forge, forge.createJobToken(repo, { checks: "write" }));
  const check = await job(`POST ${shop}/check-runs`, { name: "verdict", head_sha: next, conclusion: "success" });
  expect(check.body).toMatchObject({ pull_requests: [] });
  const merged = await api(`PUT ${shop}/pulls/1/merge`, { sha: next });
  expect(merged.status, merged.text).toBe(200);
  expect((await api(`GET ${shop}/commits/${next}/pulls`)).body).toMatchObject([{ number: 1 }]);
  const tip = await api(`GET ${shop}/git/commits/${merged.body.sha}`);
  expect(tip.body.message).toBe("Merge pull request #1 from cyd/topic\n\nFrom outside");
  await forge.settled();
  expect(events.filter((one) => one.includes("pull_request") && !one.includes("ada"))).toEqual([
    "acme/shop pull_request.opened cyd",
    "acme/shop pull_request.synchronize cyd",
  ]);
});

it("a pull request from a fork needs a branch that is there and whoever may speak for it", async () => {
  const { forge, cyd } = await aFork();
  await write(cyd, "topic", "a.txt", "one\n");
  forge.createUser("eve");
  const eve = clientOf(forge, forge.createToken("eve"));
  const open = async (by: Client, more: Record<string, unknown>): Promise<Json> =>
    (await by(`POST ${shop}/pulls`, { title: "T", head: "cyd:topic", base: "main", ...more })).body;
  expect((await open(cyd, { head: "cyd:gone" })).errors).toEqual([
    { resource: "PullRequest", field: "head", code: "invalid" },
  ]);
  expect((await open(cyd, { head: "nobody:topic" })).errors[0].code).toBe("invalid");
  expect((await open(cyd, { head_repo: "other" })).errors[0].code).toBe("invalid");
  expect((await open(eve, {})).errors[0].message).toBe("must be a collaborator");
  expect((await open(cyd, { head_repo: "shop" })).number).toBe(1);
});

it("maintainers push to a fork's branch while its author lets them", async () => {
  const { forge, repo, token, api, cyd, fork } = await aFork();
  await write(cyd, "topic", "a.txt", "one\n");
  await write(cyd, "other", "b.txt", "one\n");
  await cyd(`POST ${shop}/pulls`, { title: "T", head: "cyd:topic", base: "main" });
  const work = await clone(forge, repo, token);
  await work.git("fetch", "--quiet", "origin", "refs/pull/1/head");
  await work.git("checkout", "--quiet", "FETCH_HEAD");
  await writeFile(join(work.folder, "c.txt"), "mended\n");
  await work.git("add", ".");
  await work.git("commit", "--quiet", "--message", "Mend");
  const push = (to: string): Promise<string> =>
    work.git("push", "--quiet", "--force", remoteOf(forge, fork, token), `HEAD:refs/heads/${to}`);
  await expect(push("other")).rejects.toThrow("403");
  await push("topic");
  await forge.settled();
  const mended = await work.git("rev-parse", "HEAD");
  expect((await api(`GET ${shop}/pulls/1`)).body.head.sha).toBe(mended);
  await put(api, "d.txt", "elsewhere\n", "Add d");
  expect((await api(`PUT ${shop}/pulls/1/update-branch`, { expected_head_sha: mended })).status).toBe(202);
  await forge.settled();
  const updated = (await api(`GET ${shop}/pulls/1`)).body.head.sha;
  expect(updated).toBe(await fork.git.branch("topic"));
  expect(updated).not.toBe(mended);
  await cyd(`PATCH ${shop}/pulls/1`, { maintainer_can_modify: false });
  await expect(push("topic")).rejects.toThrow("403");
  await put(api, "e.txt", "elsewhere\n", "Add e");
  expect((await api(`PUT ${shop}/pulls/1/update-branch`, {})).status).toBe(403);
});

it("a copy of the folder holds its forks as well", async () => {
  const { forge, cyd } = await aFork();
  const head = await write(cyd, "topic", "a.txt", "one\n");
  const copy = join(temporaryFolder(), "copy");
  await cp(forge.folder, copy, { recursive: true, filter: (path) => !path.endsWith("/lock") });
  await rm(join(forge.folder, "repositories"), { recursive: true });
  const second = createForge({ folder: copy });
  afterwards(() => second.stop());
  expect((await second.repo("cyd", "shop")?.git.commit(head))?.message).toBe("Write a.txt");
  expect((await second.repo("acme", "shop")?.git.commit(head))?.message).toBe("Write a.txt");
});
