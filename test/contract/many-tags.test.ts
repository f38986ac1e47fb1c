import { expect, it } from "vitest";
import { parseModelName, parseVersion } from "#core/names.ts";
import { writeAssignment, writeRegistration } from "#core/registry/tag-message.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";
import { githubTags } from "#github/github-tags.ts";
import { forgeFixture } from "./fixture/forge-fixture.ts";
import { scriptedGithub } from "./fixture/scripted-github.ts";

const digest = (n: number): string => n.toString(16).padStart(64, "0");

it("costs as many requests to know thirty versions as one", async () => {
  await using fixture = await forgeFixture("actions", (ports) => ports.tags);
  const name = parseModelName("churn");
  const add = async (n: number): Promise<void> => {
    const tags = fixture.port();
    const version = parseVersion(`v1.${n}.0`);
    const facts = { recipe: digest(n), artifact: digest(n + 100), run: "runs/x", evaluation: null, pull: null };
    const tag = { target: fixture.first, date: new Date(1_700_000_000_000 + n * 2_000) };
    await tags.create({ ...tag, name: `churn@${version}`, message: writeRegistration(name, version, facts) });
    const moved = { ...facts, version, by: null, why: "reviewed" };
    await tags.create({
      ...tag,
      name: `churn#production#${n + 1}`,
      message: writeAssignment(name, "production", moved),
    });
  };
  const ask = async (): Promise<number> => {
    const before = fixture.forge.requests.length;
    const registry = await readRegistry(fixture.port(), { name });
    const newest = registry.versions.at(-1);
    expect((await registry.standing("production")).standing?.version).toBe(newest);
    expect(await registry.ofRecipe(digest(999))).toBeUndefined();
    expect((await registry.ofRecipe(digest(0)))?.version).toBe("v1.0.0");
    expect(await registry.history("production")).toHaveLength(registry.versions.length);
    return fixture.forge.requests.length - before;
  };
  await add(0);
  const one = await ask();
  await Promise.all(Array.from({ length: 29 }, async (_, n) => await add(n + 1)));
  expect(one).toBe(3);
  expect(await ask()).toBeLessThanOrEqual(one + 2);
  expect(fixture.forge.requests.filter(({ operation }) => operation === "POST /graphql")).not.toEqual([]);
});

it("reads each tag by itself where the token may not use GraphQL", async () => {
  const id = (letter: string): string => letter.repeat(40);
  const tag = (letter: string): { body: unknown } => ({
    body: {
      tag: `churn@v1.0.${letter}`,
      object: { type: "commit", sha: id("c") },
      message: "one\n",
      tagger: { name: "us", date: "2026-03-04T05:06:07Z" },
    },
  });
  await using server = await scriptedGithub({
    "POST /graphql": { status: 403, body: { message: "Resource not accessible by integration" } },
    [`GET /repos/acme/shop/git/tags/${id("a")}`]: tag("1"),
    [`GET /repos/acme/shop/git/tags/${id("b")}`]: tag("2"),
  });
  const tags = githubTags(server.github, { kind: "actions" });
  const read = await Promise.all([tags.read(id("a")), tags.read(id("b"))]);
  expect(read.map((one) => one?.name)).toEqual(["churn@v1.0.1", "churn@v1.0.2"]);
  expect(server.calls()).toHaveLength(3);
});

it("does not take a limit for a no", async () => {
  const limit = { status: 429, body: { message: "You have exceeded a secondary rate limit" } };
  await using server = await scriptedGithub({ "POST /graphql": limit });
  const tags = githubTags(server.github, { kind: "actions" });
  const read = Promise.all([tags.read("a".repeat(40)), tags.read("b".repeat(40))]);
  await expect(read).rejects.toMatchObject({ code: "limited" });
});
