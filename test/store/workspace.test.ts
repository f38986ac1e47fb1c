import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { objectKey, StoreError, type ObjectStore } from "#core/object-store.ts";
import type { Out } from "#core/pointer/pointer.ts";
import { readDvcPointer } from "#core/pointer/read-dvc-pointer.ts";
import { folderStore } from "#store/folder-store.ts";
import { openContents } from "#store/contents.ts";
import { fetchOut } from "#store/transfer/fetch-out.ts";
import { pushOut } from "#store/transfer/push-out.ts";
import { addData } from "#store/workspace/add-data.ts";
import { checkOut } from "#store/workspace/check-out.ts";

let root: string;
let store: ObjectStore;
const openStore = async (): Promise<ObjectStore> => await Promise.resolve(store);
const cache = (): { folder: string } => ({ folder: join(root, ".dvc", "cache") });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "trainyard-store-"));
  store = folderStore(join(root, "store"));
  mkdirSync(join(root, "data", "img", "sub"), { recursive: true });
  writeFileSync(join(root, "data", "train.csv"), "a,b\r\n1,2\n");
  writeFileSync(join(root, "data", "img", "a.txt"), "x\n");
  writeFileSync(join(root, "data", "img", "sub", "b.txt"), "y\n");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function add(path: string): Promise<Out> {
  await addData(root, path, cache());
  return outOf(path);
}

function outOf(path: string): Out {
  const [out] = readDvcPointer(readFileSync(join(root, `${path}.dvc`), "utf8"), path);
  if (out === undefined) throw new Error("no out");
  return out;
}

/** As another machine would: all but pointers and store is gone. */
function forget(): void {
  rmSync(cache().folder, { recursive: true, force: true });
  rmSync(join(root, "data", "train.csv"), { force: true });
  rmSync(join(root, "data", "img"), { recursive: true, force: true });
}

async function pull(path: string, force = false): Promise<boolean> {
  const out = outOf(path);
  const files = await fetchOut({ cache: cache(), openStore }, out, `${path}.dvc`);
  return await checkOut({ root, cache: cache(), force }, `${path}.dvc`, out, files);
}

/** Everything below a folder of this name, and nothing that is half of something. */
const filesBelow = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

describe("data under pointers", () => {
  it("goes to the store and comes back, file and folder; git passes the data over", async () => {
    for (const path of ["data/train.csv", "data/img"]) {
      const out = await add(path);
      expect(await pushOut({ cache: cache(), store }, out, path)).toBe(path === "data/img" ? 3 : 1);
      expect(await pushOut({ cache: cache(), store }, out, path)).toBe(0);
    }
    expect(readFileSync(join(root, "data", ".gitignore"), "utf8")).toBe("/train.csv\n/img\n");
    forget();
    expect(await pull("data/train.csv")).toBe(true);
    expect(await pull("data/train.csv")).toBe(false);
    expect(await pull("data/img")).toBe(true);
    expect(readFileSync(join(root, "data", "train.csv"), "latin1")).toBe("a,b\r\n1,2\n");
    expect(readFileSync(join(root, "data", "img", "sub", "b.txt"), "utf8")).toBe("y\n");
  });

  it("has git pass over its own name, and nothing else that the name would match as a pattern", async () => {
    const names = ["a*.csv", "[b].csv", "#c.csv", "!d.csv", " e.csv "];
    for (const name of names) {
      writeFileSync(join(root, "data", name), name);
      await add(`data/${name}`);
    }
    execFileSync("git", ["init", "-q", "."], { cwd: root });
    const asked = [...names, "axx.csv", "b.csv"].map((name) => `data/${name}`);
    const ignored = execFileSync("git", ["check-ignore", "-z", "--stdin"], {
      cwd: root,
      input: asked.join("\0"),
      encoding: "utf8",
    });
    expect(ignored.split("\0").slice(0, -1)).toEqual(asked.slice(0, names.length));
  });

  it("is never overwritten where it is stored nowhere, unless somebody says so", async () => {
    await pushOut({ cache: cache(), store }, await add("data/img"), "data/img.dvc");
    writeFileSync(join(root, "data", "img", "new.txt"), "only here");
    await expect(pull("data/img")).rejects.toThrow(/"data\/img" .* stored nowhere; keep it with .* or say --force/);
    expect(readFileSync(join(root, "data", "img", "new.txt"), "utf8")).toBe("only here");
    expect(await pull("data/img", true)).toBe(true);
    expect(existsSync(join(root, "data", "img", "new.txt"))).toBe(false);
  });

  it("is fetched again where the cache is wrong", async () => {
    const out = await add("data/train.csv");
    await pushOut({ cache: cache(), store }, out, "data/train.csv.dvc");
    const cached = join(cache().folder, objectKey(out.md5));
    chmodSync(cached, 0o644);
    writeFileSync(cached, "a,b\r\n9,9\n");
    rmSync(join(root, "data", "train.csv"));
    await pull("data/train.csv");
    expect(readFileSync(join(root, "data", "train.csv"), "latin1")).toBe("a,b\r\n1,2\n");
  });

  it("is refused where the store's bytes match the MD5 of a pointer but not its SHA-256", async () => {
    const out = await add("data/train.csv");
    await pushOut({ cache: cache(), store }, out, "data/train.csv.dvc");
    forget();
    const wrong = { ...out, sha256: "0".repeat(64) };
    await expect(fetchOut({ cache: cache(), openStore }, wrong, "data/train.csv.dvc")).rejects.toThrow(
      /their SHA-256 is 9c829d\w+, and the pointer says 0000/,
    );
    const folder = { ...(await addFolder()), sha256: "0".repeat(64) };
    await expect(fetchOut({ cache: cache(), openStore }, folder, "data/img.dvc")).rejects.toThrow(
      /the SHA-256 of its files is/,
    );
    expect(filesBelow("data")).not.toContain("train.csv");
  });

  async function addFolder(): Promise<Out> {
    mkdirSync(join(root, "data", "img"), { recursive: true });
    writeFileSync(join(root, "data", "img", "a.txt"), "x\n");
    return await add("data/img");
  }

  it("that is gone from the store is one sentence with pointer, object, store and mend", async () => {
    await add("data/img");
    forget();
    await expect(pull("data/img")).rejects.toThrow(
      /from the folder ".*\/store": this folder does not exist; correct its name where the store is named, mount it, or push/,
    );
    mkdirSync(join(root, "store"));
    await expect(pull("data/img")).rejects.toThrow(
      /^Cannot fetch "data\/img" of the pointer "data\/img.dvc" \(md5 [0-9a-f]{32}\) from the folder ".*\/store": it is not there; push it from where it was added/,
    );
    expect(existsSync(join(root, "data", "img"))).toBe(false);
    await expect(pushOut({ cache: cache(), store }, outOf("data/img"), "data/img.dvc")).rejects.toThrow(
      /Cannot push "data\/img" .* this machine's cache has no such object/,
    );
  });

  it("leaves nothing half where the disk is full, and says so", async () => {
    const out = await add("data/train.csv");
    await pushOut({ cache: cache(), store }, out, "data/train.csv.dvc");
    forget();
    const full: ObjectStore = {
      ...store,
      async get(key, from) {
        const found = await store.get(key, from);
        if (found === undefined) return found;
        return {
          ...found,
          stream: (async function* () {
            yield new Uint8Array(4);
            await Promise.resolve();
            throw new StoreError("full", "this machine's disk is full");
          })(),
        };
      },
    };
    await expect(
      fetchOut({ cache: cache(), openStore: async () => await Promise.resolve(full) }, out, "data/train.csv.dvc"),
    ).rejects.toThrow(/disk is full; make room, and start again/);
    expect(filesBelow(".dvc/cache").filter((name) => !name.endsWith(".part"))).toEqual([]);
  });

  it("is brought for a job once, verified, and kept then", async () => {
    const out = await add("data/img");
    await pushOut({ cache: cache(), store }, out, "data/img.dvc");
    const kept: string[] = [];
    const contents = openContents({
      address: async () => await Promise.resolve({ kind: "folder", path: "store" }),
      open: async () => await Promise.resolve(store),
      cacheFor: (id) => ({ folder: join(root, "job-cache", id) }),
      keep: async (id) => await Promise.resolve(void kept.push(id)),
    });
    const files = await contents.fetch(out, "data/img.dvc");
    expect(await contents.fetch(out, "data/img.dvc")).toBe(files);
    expect(files.map(({ relpath }) => relpath)).toEqual(["a.txt", "sub/b.txt"]);
    expect(readFileSync(files[1]?.file ?? "", "utf8")).toBe("y\n");
    expect(kept).toEqual([`${out.md5}.dir`]);
  });
});

it("two that fetch the same at once both have it", async () => {
  const out = await add("data/img");
  await pushOut({ cache: cache(), store }, out, "data/img.dvc");
  for (let round = 0; round < 5; round += 1) {
    forget();
    await Promise.all(Array.from({ length: 4 }, () => fetchOut({ cache: cache(), openStore }, out, "data/img.dvc")));
    expect(await pull("data/img")).toBe(true);
  }
});

it("nothing is written through a link out of the clone", async () => {
  const out = await add("data/img");
  await pushOut({ cache: cache(), store }, out, "data/img.dvc");
  rmSync(join(root, "data", "img", "sub"), { recursive: true });
  symlinkSync(tmpdir(), join(root, "data", "img", "sub"));
  await expect(pull("data/img", true)).rejects.toThrow('"data/img/sub" is a link that leads out of the clone');
});

it("a store that may not be written says what to do", async () => {
  writeFileSync(join(root, "file"), "x");
  await expect(folderStore(join(root, "file")).put("files/md5/ab/cd", join(root, "file"))).rejects.toThrow(
    /Cannot write "files\/md5\/ab\/cd" to the folder/,
  );
});

it("leftovers of killed pushes go with a later push to their folder, a day on", async () => {
  const out = await add("data/train.csv");
  const place = join(root, "store", objectKey(out.md5));
  mkdirSync(join(place, ".."), { recursive: true });
  const [old, young] = ["a", "b"].map((digit) => `${place}.${digit.repeat(8)}-0000-4000-8000-000000000000.part`);
  for (const file of [old, young, `${place}.part`]) writeFileSync(file ?? "", "a,");
  const longAgo = Date.now() / 1_000 - 90_000;
  for (const file of [old, `${place}.part`]) utimesSync(file ?? "", longAgo, longAgo);
  await pushOut({ cache: cache(), store }, out, "data/train.csv.dvc");
  expect([old, young, `${place}.part`, place].map((file) => existsSync(file ?? ""))).toEqual([false, true, true, true]);
});

it("what a killed pull left beside a file is no data of the folder", async () => {
  const out = await add("data/img");
  writeFileSync(join(root, "data", "img", "a.txt.aaaaaaaa-0000-4000-8000-000000000000.part"), "x");
  expect(await pull("data/img")).toBe(false);
  expect((await add("data/img")).md5).toBe(out.md5);
});
