import { expect, it } from "vitest";
import { aWorld, branch, clientOf, type Json } from "./a-forge.ts";

const shop = "/repos/acme/shop";

it("lists come in pages with links, 100 at most", async () => {
  const { api, forge, repo } = await aWorld();
  const sha = (await api(`GET ${shop}/git/ref/heads/main`)).body.object.sha;
  for (let index = 0; index < 4; index += 1) await api(`POST ${shop}/git/refs`, { ref: `refs/heads/b${index}`, sha });
  const page = await api(`GET ${shop}/branches?per_page=2&page=2`);
  expect(page.body.map((one: Json) => one.name)).toEqual(["b2", "b3"]);
  const to = (rel: string, number: number): string =>
    `<${forge.urls.server}${shop}/branches?per_page=2&page=${number}>; rel="${rel}"`;
  expect(page.headers.get("link")).toBe([to("prev", 1), to("next", 3), to("last", 3), to("first", 1)].join(", "));
  expect((await api(`GET ${shop}/branches`)).headers.get("link")).toBe(null);
  let tip = sha;
  const tree = (await repo.git.commit(sha))?.tree ?? "";
  for (let index = 0; index < 103; index += 1) {
    const author = { name: "Ada", email: "ada@example.com", seconds: index, zone: "+0000" };
    tip = await repo.git.writeCommit({ tree, parents: [tip], author, committer: author, message: `${index}` });
  }
  expect((await api(`PATCH ${shop}/git/refs/heads/main`, { sha: tip })).status).toBe(200);
  const most = await api(`GET ${shop}/commits?per_page=200`);
  expect(most.body).toHaveLength(100);
  expect(most.headers.get("link")).toContain('page=2>; rel="next"');
});

it("an answer that the client has is 304, and costs no rate", async () => {
  const { api } = await aWorld();
  const first = await api(`GET ${shop}`);
  const etag = first.headers.get("etag") ?? "";
  const again = await api(`GET ${shop}`, undefined, { "if-none-match": etag });
  expect([again.status, again.text]).toEqual([304, ""]);
  await branch(api, "topic", "a.txt", "one\n");
  const next = await api(`GET ${shop}/branches`, undefined, { "if-none-match": etag });
  expect(next.status).toBe(200);
  const left = (reply: { headers: Headers }): number => Number(reply.headers.get("x-ratelimit-remaining"));
  const before = await api(`GET ${shop}`);
  await api(`GET ${shop}`, undefined, { "if-none-match": before.headers.get("etag") ?? "" });
  expect(left(await api(`GET ${shop}`))).toBe(left(before) - 1);
  expect(first.headers.get("x-ratelimit-limit")).toBe("5000");
  const [now, later] = [await api("GET /rate_limit"), await api("GET /rate_limit")];
  expect(later.body.rate).toEqual(now.body.rate);
  expect(now.body.rate.remaining).toBe(left(now));
  expect(first.headers.get("x-github-request-id")).toMatch(/^[0-9A-F:]+$/);
});

it("the API answers under / and /api/v3", async () => {
  const { api } = await aWorld();
  const [a, b] = await Promise.all([api(`GET ${shop}`), api(`GET /api/v3${shop}`)]);
  expect(b.body).toEqual(a.body);
});

it.for([
  { route: "GET /graphql", body: undefined, status: 501 },
  { route: `GET ${shop}/invitations`, body: undefined, status: 501 },
  { route: `POST ${shop}/pulls`, body: { title: "x", head: "main", base: "main", unknown: 1 }, status: 422 },
  { route: `POST ${shop}/pulls`, body: { title: "x", head: "none", base: "main" }, status: 422 },
  { route: `POST ${shop}/pulls`, body: { title: "x", head: "main", base: "main" }, status: 422 },
  { route: `POST ${shop}/pulls`, body: { head: "main", base: "main" }, status: 422 },
  { route: `GET ${shop}/pulls/77`, body: undefined, status: 404 },
  { route: "GET /repos/acme/none", body: undefined, status: 404 },
  { route: `GET ${shop}/git/ref/heads/%zz`, body: undefined, status: 400 },
])("$route is answered $status", async ({ route, body, status }) => {
  const { api } = await aWorld();
  const reply = await api(route, body);
  expect(reply.status, reply.text).toBe(status);
  expect(reply.body.message).not.toBe("");
});

it("bodies that are no JSON, callers without a name and versions of the future are refused", async () => {
  const { forge, token, api } = await aWorld();
  const send = (body: string): Promise<Response> =>
    fetch(`${forge.urls.server}${shop}/pulls`, { method: "POST", body, headers: { authorization: `Bearer ${token}` } });
  expect(await (await send("{")).json()).toMatchObject({ message: "Problems parsing JSON" });
  expect(await (await send("[1]")).json()).toMatchObject({ message: "Body should be a JSON object" });
  const future = await api(`GET ${shop}`, undefined, { "x-github-api-version": "2099-01-01" });
  expect(future.status).toBe(400);
});

it("every request is on record", async () => {
  const { forge, api } = await aWorld();
  const before = forge.requests.length;
  await api(`GET ${shop}/branches?page=1`);
  await api(`POST ${shop}/git/refs`, { ref: "refs/heads/x", sha: "nonsense" });
  await clientOf(forge)("GET /nowhere");
  expect(forge.requests.slice(before)).toMatchObject([
    {
      method: "GET",
      path: `${shop}/branches?page=1`,
      operation: "GET /repos/{owner}/{repo}/branches",
      actor: "ada",
      status: 200,
      write: false,
    },
    { method: "POST", status: 422, write: true },
    { operation: null, actor: "", status: 501 },
  ]);
});
