import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runDiff } from "#cli/data/diff/run-diff.ts";
import { findFiles } from "#cli/data/find-files.ts";
import { runAdd } from "#cli/data/stored/run-add.ts";

const here = process.cwd();
const root = mkdtempSync(join(tmpdir(), "trainyard-diff-pointers-"));
const repo = join(root, "repo");
const git = (...args: readonly string[]): void => void execFileSync("git", [...args], { cwd: repo, stdio: "pipe" });
const commit = (): void => {
  git("add", ".");
  git("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-qm", "Data");
};
const put = (path: string, text: string): void => writeFileSync(join(repo, path), text);
const quietly = async <T>(work: () => Promise<T>): Promise<{ result: T; said: string }> => {
  const { write } = process.stdout;
  let said = "";
  process.stdout.write = (text) => ((said += String(text)), true);
  try {
    return { result: await work(), said };
  } finally {
    process.stdout.write = write;
  }
};
const add = async (...paths: string[]): Promise<void> =>
  void (await quietly(async () => await runAdd(paths, { push: true })));
const diff = async (before: string, after: string): Promise<unknown> =>
  JSON.parse((await quietly(async () => await runDiff(before, after, { json: true }))).said);
const names = async (name: string): Promise<string[]> => (await findFiles([name], "FILES")).map(({ shown }) => shown);

/** A folder and a file under pointers in two commits; on the disk the second, and a month more. */
beforeAll(async () => {
  mkdirSync(join(repo, "data", "orders"), { recursive: true });
  mkdirSync(join(repo, ".github"));
  process.chdir(repo);
  git("init", "-q", "-b", "main");
  put(".github/trainyard.yml", "data: { store: ../store }\n");
  put("data/orders/2025-01.csv", "id,n\n1,1\n2,2\n");
  put("data/orders/README.md", "Orders\n");
  put("data/train.csv", "id\n1\n");
  await add("data/orders", "data/train.csv");
  commit();
  put("data/orders/2025-02.csv", "id,n\n3,3\n");
  put("data/train.csv", "id\n1\n2\n");
  await add("data/orders", "data/train.csv");
  commit();
  put("data/orders/2025-03.csv", "id,n\n4,4\n5,5\n");
  rmSync(join(repo, ".dvc", "cache"), { recursive: true });
});
afterAll(() => {
  process.chdir(here);
  rmSync(root, { recursive: true, force: true });
});

it.for<[before: string, after: string, expected: object]>([
  ["HEAD:data/orders/*.csv", "data/orders/*.csv", { filesAdded: 1, filesChanged: 0, rowsAdded: 2, rowsRemoved: 0 }],
  ["HEAD~1:data/orders", "HEAD:data/orders/", { filesAdded: 1, filesChanged: 0, rowsAdded: 1, rowsRemoved: 0 }],
  ["HEAD:data/orders.dvc", "data/orders.dvc", { filesAdded: 1, rowsAdded: 2, rows: { before: 3, after: 5 } }],
  ["HEAD~1:data/**/2025-*.csv", "data/orders", { filesAdded: 2, rowsAdded: 3 }],
  ["main~1:data/train.csv", "data/train.csv", { filesChanged: 1, rowsAdded: 1, rowsRemoved: 0 }],
  ["HEAD:data/train.csv.dvc", "data/train.csv", { filesChanged: 0, rowsAdded: 0 }],
])("compares what pointers stand for: %s with %s", async ([before, after, expected]) => {
  expect(await diff(before, after)).toMatchObject(expected);
});

it("takes a pointer and a folder under one for the data in the working tree, and says what is not there", async () => {
  const orders = ["data/orders/2025-01.csv", "data/orders/2025-02.csv", "data/orders/2025-03.csv"];
  expect(await names("data/orders")).toEqual(orders);
  expect(await names("data/*.dvc")).toEqual([...orders, "data/train.csv"]);
  await expect(names("data")).rejects.toThrow(/"data" of FILES: it is a folder; name its files/);
  put("data/odd.csv", "id\n1\n");
  put("data/odd.csv.dvc", "outs: [{ path: odd.csv, etag: x }]\n");
  expect(await names("data/*.csv")).toEqual(["data/odd.csv", "data/train.csv"]);
  await expect(names("data/odd.csv.dvc")).rejects.toThrow(/Cannot read the pointer "data\/odd.csv.dvc"/);
  rmSync(join(repo, "data", "orders"), { recursive: true });
  for (const name of [
    "data/orders",
    "data/orders.dvc",
    "data/orders/2025-01.csv",
    "data/orders/*.csv",
    "data/**/*.csv",
  ])
    // oxlint-disable-next-line no-await-in-loop -- one after the other is what is told
    await expect(names(name)).rejects.toThrow(
      /is not here, and the pointer "data\/orders.dvc" stands for it \(md5 [0-9a-f]{32}\); bring it with "trainyard data pull data\/orders"/,
    );
});

it("says in one sentence with pointer, digest and mend what the store does not have", async () => {
  rmSync(join(root, "store"), { recursive: true });
  rmSync(join(repo, ".dvc", "cache"), { recursive: true });
  await expect(diff("HEAD:data/train.csv", "data/train.csv")).rejects.toThrow(
    /^Cannot read "HEAD:data\/train.csv" of BEFORE: one cannot fetch "data\/train.csv" of the pointer "data\/train.csv.dvc" \(md5 [0-9a-f]{32}\) from the folder .*; /,
  );
  await expect(diff("HEAD:data", "data/train.csv")).rejects.toThrow(/it is a folder of commit \w+; name its files/);
});
