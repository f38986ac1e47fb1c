import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { digest } from "#core/canonical.ts";
import { localStore } from "#disk/local-store.ts";
import { withTemporaryFolder } from "#disk/temporary-folder.ts";
import { scratchFolder } from "./fixture/git-folders.ts";

it("localStore() keeps a folder under its digest, however many do so at once, and gives it back", async () => {
  await using scratch = await scratchFolder();
  const source = join(scratch.folder, "model");
  await mkdir(join(source, "sub"), { recursive: true });
  await writeFile(join(source, "weights.bin"), "weights");
  await writeFile(join(source, "sub", "config.json"), "{}");
  const folder = join(scratch.folder, ".git", "trainyard");
  const key = digest("the model");
  const located = await Promise.all(Array.from({ length: 5 }, async () => localStore(folder).put(key, source)));
  expect(new Set(located.map(({ path }) => path))).toEqual(new Set([localStore(folder).locate(key).path]));
  expect(await readdir(join(folder, "incoming"))).toEqual([]);
  const { bytes } = localStore(folder);
  const to = join(scratch.folder, "to");
  const [locator] = located;
  expect(locator && (await bytes.available(locator))).toBe(true);
  expect(locator && (await bytes.fetch(locator, to))).toEqual(["sub/config.json", "weights.bin"]);
  expect(await readFile(join(to, "weights.bin"), "utf8")).toBe("weights");
});

it("localStore() keeps one file under its own name", async () => {
  await using scratch = await scratchFolder();
  await writeFile(join(scratch.folder, "p.csv"), "id,p\n");
  const store = localStore(join(scratch.folder, "store"));
  const locator = await store.put(digest("p"), join(scratch.folder, "p.csv"));
  expect(await store.bytes.fetch(locator, join(scratch.folder, "to"))).toEqual(["p.csv"]);
});

it.for(["../outside", "bytes/../../outside", "/etc", "evidence"])("localStore() has nothing at %s", async (path) => {
  await using scratch = await scratchFolder();
  await mkdir(join(scratch.folder, "outside"));
  await mkdir(join(scratch.folder, "store", "evidence"), { recursive: true });
  const { bytes } = localStore(join(scratch.folder, "store"));
  expect(await bytes.available({ kind: "local", path })).toBe(false);
  expect(await bytes.fetch({ kind: "local", path }, join(scratch.folder, "to"))).toBeUndefined();
});

it("localStore() keeps no links", async () => {
  await using scratch = await scratchFolder();
  const source = join(scratch.folder, "model");
  await mkdir(source);
  await symlink("/etc/passwd", join(source, "weights.bin"));
  const kept = localStore(join(scratch.folder, "store")).put(digest("m"), source);
  await expect(kept).rejects.toThrow(/"weights.bin".* is neither a file nor a folder/);
});

it("withTemporaryFolder() leaves nothing behind, also where the work fails", async () => {
  let seen = "";
  const failed = withTemporaryFolder("test", async (folder) => {
    seen = folder;
    await writeFile(join(folder, "a"), "a");
    throw new Error("no");
  });
  await expect(failed).rejects.toThrow("no");
  await expect(readdir(seen)).rejects.toMatchObject({ code: "ENOENT" });
});
