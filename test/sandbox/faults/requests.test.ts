import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { RequestFault } from "#sandbox/forge/faults/fault.ts";
import { afterwards, aWorld, clientOf, clone } from "../forge/a-forge.ts";

const shop = "/repos/acme/shop";
const route = "POST /repos/{owner}/{repo}/git/refs";

const json = "application/json; charset=utf-8";
const limited = "You have exceeded a secondary rate limit";
it.for<{ fault: Partial<RequestFault>; sees: readonly unknown[] | "nothing"; done: boolean }>([
  { fault: { does: "500" }, sees: [500, json, null, "Server Error"], done: false },
  { fault: { does: "500", moment: "after" }, sees: [500, json, null, "Server Error"], done: true },
  { fault: { does: "502" }, sees: [502, "text/html", null, "502 Bad Gateway"], done: false },
  { fault: { does: "hold", holdMs: 5 }, sees: "nothing", done: false },
  { fault: { does: "hold", holdMs: 5, moment: "after" }, sees: "nothing", done: true },
  { fault: { does: "cut" }, sees: "nothing", done: false },
  { fault: { does: "cut", moment: "after" }, sees: "nothing", done: true },
  { fault: { does: "limit-403", retryAfterSeconds: 7 }, sees: [403, json, "7", limited], done: false },
  { fault: { does: "limit-429" }, sees: [429, json, "60", limited], done: false },
])("a request fares as $fault says: done $done", async ({ fault, sees, done }) => {
  const { forge, repo, api } = await aWorld();
  const sha = (await repo.git.branch("main")) ?? "";
  const set = forge.faults.add({ kind: "request", on: route, does: "500", when: { nth: 2 }, ...fault });
  const make = async (name: string): Promise<readonly unknown[] | "nothing"> => {
    const reply = await api(`POST ${shop}/git/refs`, { ref: `refs/heads/${name}`, sha }).catch(() => undefined);
    if (reply === undefined) return "nothing";
    const { status, headers, text } = reply;
    const words = ["Server Error", "502 Bad Gateway", limited].find((one) => text.includes(one));
    return [status, headers.get("content-type"), headers.get("retry-after"), words];
  };
  expect(await make("a")).toEqual([201, json, null, undefined]);
  expect(await make("b")).toEqual(sees);
  expect((await repo.git.branch("b")) !== undefined).toBe(done);
  expect(await make("c")).toEqual([201, json, null, undefined]);
  expect(set).toMatchObject({ seen: 3, fired: 1 });
  expect(forge.requests.at(-2)).toMatchObject({ operation: route, status: sees === "nothing" ? 0 : sees[0] });
});

it("a fault means what its pattern and its caller say, until it is removed", async () => {
  const { forge, repo, api } = await aWorld();
  const job = clientOf(forge, forge.createJobToken(repo, { contents: "read" }));
  const get = `GET ${shop}/git/ref/heads/main`;
  const own = forge.faults.add({ kind: "request", on: `* ${shop}/git/*`, by: "github-actions[bot]", does: "500" });
  const share = forge.faults.add({
    kind: "request",
    on: "GET *",
    by: "ada",
    does: "502",
    when: { share: 0.5, seed: 7 },
  });
  expect((await job(get)).status).toBe(500);
  const statuses: number[] = [];
  for (let count = 0; count < 20; count += 1) statuses.push((await api(get)).status);
  expect(statuses.filter((status) => status === 502)).toHaveLength(share.fired);
  expect(share.seen).toBe(20);
  expect(share.fired).toBeGreaterThan(4);
  expect(share.fired).toBeLessThan(16);
  expect(own.fired).toBe(1);
  own.remove();
  expect((await job(get)).status).toBe(200);
  forge.faults.clear();
  expect((await api(get)).status).toBe(200);
});

it("a push is broken before it, or its answer is lost after it", async () => {
  const { forge, repo, token } = await aWorld();
  const work = await clone(forge, repo, token);
  const push = async (name: string): Promise<string> => {
    await writeFile(join(work.folder, name), name);
    await work.git("add", ".");
    await work.git("commit", "--quiet", "--message", name);
    return work.git("push", "--quiet", "origin", `HEAD:refs/heads/${name}`).then(
      () => "pushed",
      () => "refused",
    );
  };
  const on = "GIT /acme/shop/git-receive-pack";
  const before = forge.faults.add({ kind: "request", on, does: "502", when: { nth: 1 } });
  expect([await push("a"), await repo.git.branch("a")]).toEqual(["refused", undefined]);
  before.remove();
  const after = forge.faults.add({ kind: "request", on, does: "cut", moment: "after", when: { nth: 1 } });
  expect(await push("b")).toBe("refused");
  await expect.poll(() => repo.git.branch("b")).toBeDefined();
  expect([before.fired, after.fired]).toEqual([1, 1]);
  expect(await push("c")).toBe("pushed");
});

it("webhooks come late, in another order, twice, or not at all", async () => {
  const received: string[] = [];
  const server = createServer((request, response) => {
    received.push(`${String(request.headers["x-github-event"])} ${String(request.headers["x-github-delivery"])}`);
    request.resume();
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterwards(() => void server.close());
  const { forge, repo, api } = await aWorld();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server that listens has such an address
  const { port } = server.address() as AddressInfo;
  forge.createHook(repo, { url: `http://127.0.0.1:${port}/`, events: ["*"] });
  const says = async (title: string): Promise<string[]> => {
    await api(`POST ${shop}/issues`, { title });
    await forge.settled();
    return received.splice(0).map((one) => one.split(" ")[0] ?? "");
  };
  const guids = (): Set<string> => new Set(received.map((one) => one.split(" ")[1] ?? ""));
  const twice = forge.faults.add({ kind: "hook", on: "issues.opened", does: "twice", when: { first: 1 } });
  await api(`POST ${shop}/issues`, { title: "a" });
  await forge.settled();
  expect([received.length, guids().size]).toEqual([2, 1]);
  received.length = 0;
  expect(await says("b")).toEqual(["issues"]);
  twice.remove();
  const lost = forge.faults.add({ kind: "hook", on: "issues", does: "lost" });
  expect(await says("c")).toEqual([]);
  lost.remove();
  const late = forge.faults.add({ kind: "hook", on: "issue*", does: "late" });
  await says("d");
  await api(`POST ${shop}/issues/1/comments`, { body: "hello" });
  await forge.settled();
  expect(received).toEqual([]);
  late.release("reversed");
  await forge.settled();
  expect(received.splice(0).map((one) => one.split(" ")[0])).toEqual(["issue_comment", "issues"]);
  expect(await says("e")).toEqual(["issues"]);
  expect([twice.fired, lost.fired, late.fired]).toEqual([1, 1, 2]);
  const failed = forge.faults.add({ kind: "hook", on: "issues.opened", does: "failed" });
  expect(await says("f")).toEqual([]);
  expect(forge.state.deliveries.list().at(-1)).toMatchObject({ event: "issues", status_code: 502, redelivery: false });
  expect(failed).toMatchObject({ seen: 1, fired: 1 });
});
