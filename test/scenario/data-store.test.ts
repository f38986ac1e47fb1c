import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findPointers } from "#cli/data/stored/open-clone.ts";
import { refuseOdd } from "#cli/data/stored/refuse-odd.ts";
import { openGit } from "#git/open-git.ts";
import { addData } from "#store/workspace/add-data.ts";
import { runCli, type Said } from "./cli/run-cli.ts";

const root = mkdtempSync(join(tmpdir(), "trainyard-data-"));
const repo = join(root, "repo");
const data = async (...args: string[]): Promise<Said> => await runCli(repo, ["data", ...args]);
const git = (...args: string[]): string => execFileSync("git", args, { cwd: repo }).toString();

beforeAll(() => {
  mkdirSync(join(repo, "data"), { recursive: true });
  git("init", "--quiet");
  mkdirSync(join(repo, ".dvc"));
  writeFileSync(join(repo, ".dvc", "config"), `[core]\n    remote = s\n['remote "s"']\n    url = ../../store\n`);
  writeFileSync(join(repo, "data", "train.csv"), "a\n1\n");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("trainyard data add, push, pull, status", () => {
  it("keeps a file by DVC's own remote, says so as JSON, and git sees the pointer alone", async () => {
    const said = await data("add", "data/train.csv", "--json");
    expect(said.stderr).toBe("");
    expect(JSON.parse(said.stdout)).toMatchObject({
      schema: "trainyard/data-add/1",
      added: [{ path: "data/train.csv", pointer: "data/train.csv.dvc", changed: true, size: 4 }],
      sent: 1,
    });
    expect(git("status", "--short", "--untracked-files=all", "data")).toBe(
      "?? data/.gitignore\n?? data/train.csv.dvc\n",
    );
    expect(existsSync(join(root, "store", "files", "md5"))).toBe(true);
  });

  it("tells by its exit code whether the clone is as its pointers say", async () => {
    const clean = await data("status", "--cloud");
    expect([clean.code, clean.stdout]).toEqual([
      0,
      expect.stringMatching(/^data\/train.csv is as its pointer says, and .* has it\n$/),
    ]);
    writeFileSync(join(repo, "data", "train.csv"), "a\n2\n");
    const changed = await data("status");
    expect([changed.code, changed.stdout]).toEqual([
      1,
      expect.stringContaining("data/train.csv: changed: keep it with"),
    ]);
    const refused = await data("pull");
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/stored nowhere; keep it with .* or say --force/),
    ]);
    expect((await data("pull", "data/train.csv", "--force")).code).toBe(0);
    expect(readFileSync(join(repo, "data", "train.csv"), "utf8")).toBe("a\n1\n");
  });

  it("says in one sentence what is odd about a name, and which files of a folder changed", async () => {
    git("add", "--force", "data/.gitignore");
    mkdirSync(join(repo, "data", "orders"));
    writeFileSync(join(repo, "data", "orders", "1.csv"), "a\n1\n");
    await addData(repo, "data/orders", { folder: join(repo, ".dvc", "cache") });
    const clone = { git: await openGit(repo), root: repo };
    for (const [name, because] of [
      ["data/.gitignore", /git keeps it already; take it out of git first/],
      ["data/orders/1.csv", /"data\/orders.dvc" stands for all of its folder .*: trainyard data add data\/orders$/],
      ["data", /holds "data\/orders.dvc" and 1 other pointer, .* name its parts .*"data\/orders"$/],
      ["data/train.csv.dvc", /it is a pointer itself/],
    ] as const)
      // oxlint-disable-next-line no-await-in-loop -- git answers one after the other
      await expect(refuseOdd(clone, name, [name])).rejects.toThrow(because);
    await expect(refuseOdd(clone, "data/train.csv", ["data", "data/train.csv"])).rejects.toThrow(/name one of them/);
    await expect(refuseOdd(clone, "data/orders", ["data/orders"])).resolves.toBeUndefined();
    await expect(findPointers(clone, [join(repo, "data/orders/1.csv")])).rejects.toThrow(
      /"data\/orders.dvc" stands for all of its folder; name "data\/orders"$/,
    );
    clone.git.close();
    for (const name of Array.from({ length: 12 }, (_, index) => `new-${10 + index}.csv`))
      writeFileSync(join(repo, "data", "orders", name), "a\n");
    writeFileSync(join(repo, "data", "orders", "1.csv"), "a\n2\n");
    const changed = await data("status", "data/orders");
    expect([changed.code, changed.stdout.split("\n").slice(1)]).toEqual([
      1,
      [
        "  edited   1.csv",
        ...Array.from({ length: 9 }, (_, index) => `  added    new-${10 + index}.csv`),
        "  and 3 more (--json names all)",
        "",
      ],
    ]);
    const said = await data("add", "../outside");
    expect([said.code, said.stderr]).toEqual([2, expect.stringMatching(/not inside of the clone/)]);
  });
});
