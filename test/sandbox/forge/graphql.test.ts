import { expect, it } from "vitest";
import { forgeFixture } from "#test/contract/fixture/forge-fixture.ts";

/** What the API answers to a query, asked as GitHub is asked. */
async function post(
  address: string,
  token: string | undefined,
  body: unknown,
): Promise<{ status: number; body: unknown }> {
  const authorization = token === undefined ? {} : { authorization: `bearer ${token}` };
  const headers = { "content-type": "application/json", "user-agent": "test", ...authorization };
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

it("answers queries about git objects as GitHub does, and refuses loudly what it does not know", async () => {
  await using fixture = await forgeFixture("actions", (ports) => ports.tags);
  const { first, token, forge } = fixture;
  const ask = async (query: string, by: string | undefined = token, path = "/graphql") =>
    await post(`${forge.urls.server}${path}`, by, { query, variables: { name: "shop" } });
  const shop = (fields: string): string =>
    `query ($name: String!) { repository(owner: "acme", name: $name) { ${fields} } }`;
  const known = { status: 200, body: { data: { repository: { a: { __typename: "Commit", id: first }, b: null } } } };
  const query = shop(
    `a: object(oid: "${first}") { __typename id: oid ... on Tag { name } } b: object(oid: "${"0".repeat(40)}") { oid }`,
  );
  expect(await ask(query)).toEqual(known);
  // as Enterprise Server has it
  expect(await ask(query, token, "/api/graphql")).toEqual(known);
  expect(await ask(`{ repository(owner: "acme", name: "other") { object(oid: "x") { oid } } }`)).toMatchObject({
    status: 200,
    body: { data: { repository: null }, errors: [{ type: "NOT_FOUND" }] },
  });
  for (const unknown of [
    shop("stargazerCount"),
    "mutation { addStar }",
    "{ viewer { login } }",
    shop(`object(oid: "${first}") @skip`),
  ])
    expect(await ask(unknown)).toMatchObject({ status: 501 });
  expect(await post(`${forge.urls.server}/graphql`, undefined, { query })).toMatchObject({ status: 401 });
});
