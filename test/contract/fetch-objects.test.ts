import { createServer } from "node:http";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseBlobSha } from "#core/names.ts";
import { fetchObjects } from "#git/fetch-objects.ts";
import { gitRepository } from "#git/git-repository.ts";
import { commitFixture } from "./fixture/git-fixture.ts";
import { git, scratchFolder } from "./fixture/git-folders.ts";

async function source(folder: string, settings: readonly string[]) {
  const work = join(folder, "work");
  await mkdir(work);
  const commits = await commitFixture(work);
  for (const setting of settings) await git(work, "config", setting, "true");
  const blob = async (path: string) => parseBlobSha(await git(work, "rev-parse", `HEAD:${path}`));
  return {
    ...commits,
    url: `file://${work}`,
    readme: await blob("README.md"),
    data: await blob("data/week 1.csv"),
    script: await blob("train.sh"),
  };
}

describe("fetchObjects()", () => {
  it.for([
    {
      server: "that filters and gives single blobs",
      settings: ["uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"],
      others: ["missing"],
    },
    {
      server: "that filters but gives no single blob",
      settings: ["uploadpack.allowFilter", "uploadpack.allowReachableSHA1InWant"],
      others: ["missing", "there"],
    },
    { server: "that knows no filter", settings: ["uploadpack.allowReachableSHA1InWant"], others: ["there"] },
  ])("brings the wanted blobs from a server $server", async ({ settings, others }) => {
    await using scratch = await scratchFolder();
    const { first, second, url, readme, data, script } = await source(scratch.folder, settings);
    const fetched = await fetchObjects({
      folder: join(scratch.folder, "fetched"),
      url,
      commits: [first, second],
      blobs: [readme, data],
      token: undefined,
    });
    const repository = gitRepository(fetched);
    expect([...(await repository.tree(second)).keys()]).toEqual(["README.md", "data/week 1.csv", "train.sh"]);
    expect(Buffer.from(await repository.blob(readme)).toString()).toBe("hello\n");
    expect((await repository.blob(data)).length).toBe(9);
    const other = await repository.blob(script).then(
      () => "there",
      () => "missing",
    );
    expect(others).toContain(other);
    fetched.close();
  });

  it("brings everything where no blobs are named", async () => {
    await using scratch = await scratchFolder();
    const { second, url, script } = await source(scratch.folder, ["uploadpack.allowReachableSHA1InWant"]);
    const fetched = await fetchObjects({ folder: join(scratch.folder, "fetched"), url, commits: [second] });
    expect((await gitRepository(fetched).blob(script)).length).toBe(5);
    fetched.close();
  });

  it("says not-found for a commit that the server does not have", async () => {
    await using scratch = await scratchFolder();
    const { url, first } = await source(scratch.folder, ["uploadpack.allowReachableSHA1InWant"]);
    const commits = [first.replace(/./g, "b") as typeof first];
    await expect(fetchObjects({ folder: join(scratch.folder, "fetched"), url, commits })).rejects.toMatchObject({
      code: "not-found",
    });
  });

  it("sends the token as a header, leaves none behind, and names the permission when it is refused", async () => {
    await using scratch = await scratchFolder();
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(403).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/acme/churn.git`;
    const { first } = await source(scratch.folder, []);
    const folder = join(scratch.folder, "fetched");
    const fetched = fetchObjects({ folder, url, commits: [first], token: "ghs_secret" });
    await expect(fetched).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining('permission "contents: read"'),
    });
    server.close();
    expect(seen[0]).toBe(`Basic ${Buffer.from("x-access-token:ghs_secret").toString("base64")}`);
    expect(await git(folder, "config", "--list", "--local")).not.toMatch(/secret|c2VjcmV0/i);
  });
});
