import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCli } from "./cli/run-cli.ts";

let folder: string;
const git = (...args: readonly string[]): void => void execFileSync("git", [...args], { cwd: folder, stdio: "pipe" });

/** A clone whose last commit has two files; on the disk one of them was changed. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "trainyard-diff-"));
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "data", "a.csv"), "id,plan,y\n1,basic,0\n2,pro,1\n3,pro,0\n");
  writeFileSync(join(folder, "data", "b [1].csv"), "id,plan,y\n4,basic,1\n");
  writeFileSync(
    join(folder, "lfs.csv"),
    `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 5\n`,
  );
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-qm", "Data");
  writeFileSync(join(folder, "data", "a.csv"), "id,plan,y\n1,basic,0\n2,gold,1\n5,pro,1\n");
  writeFileSync(join(folder, "holdout.csv"), "id,plan,y\n5,pro,1\n9,pro,1\n");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("compares a commit with the files on the disk, which only it changed", async () => {
  const args = [
    "data",
    "diff",
    "--key",
    "id",
    "main:data/*.csv",
    "data/*.csv",
    "--label",
    "y",
    "--holdout",
    "holdout.csv",
  ];
  const { code, stdout, stderr } = await runCli(folder, args);
  expect({ code, stderr: stderr.replace(/^Comparing .*\n/, "") }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatchInlineSnapshot(`
    "+1 row, −1 row, 1 row changed, 1 file changed, 1 new category in plan

    ⚠️ 1 of 2 holdout rows is in the training data (1 by their id)

    cells that changed in 1 row  cells  for example
    plan                             1  2: pro → gold

    categories  new                            gone
    plan        1 in 25.0 % of rows: gold (1)  —

    label y      before         now
    1        2 (50.0 %)  3 (75.0 %)
    0        2 (50.0 %)  1 (25.0 %)

    - 4 → 4 rows, 56 B → 57 B; a row is named by id
    - Added, for example: 5
    - Removed, for example: 3
    "
  `);
  const json = JSON.parse((await runCli(folder, [...args, "--json"])).stdout);
  expect(json).toMatchObject({
    schema: "trainyard/data-diff/1",
    versions: { before: ["main:data/a.csv", "main:data/b [1].csv"], after: ["data/a.csv", "data/b [1].csv"] },
    filesChanged: 1,
    rows: { before: 4, after: 4 },
    leakage: { holdoutRows: 2, byId: 1, leaks: true },
  });
});

it.for<[args: string[], says: string]>([
  [
    ["nope:data/a.csv", "data/a.csv"],
    'Cannot read "nope:data/a.csv" of BEFORE: there is no file of this name and no commit "nope"',
  ],
  [["main:nope/*.csv", "data/a.csv"], "no file of commit"],
  [["data/a.csv", "nope.csv"], 'Cannot read "nope.csv" of AFTER: there is no such file'],
  [["main:lfs.csv", "data/a.csv"], 'Cannot read "main:lfs.csv": its content is kept by Git LFS'],
  [
    ["data/a.csv", "holdout.csv", "--key", "plam"],
    'Column "plam" of the key is in neither version: there are "id", "plan", "y"; did you mean "plan"?',
  ],
  [["data/a.csv"], 'Missing required argument "after"'],
])("ends with 2 and one sentence for %j", async ([args, says]) => {
  const { code, stdout, stderr } = await runCli(folder, ["data", "diff", ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(`trainyard: `);
  expect(stderr).toContain(says);
});
