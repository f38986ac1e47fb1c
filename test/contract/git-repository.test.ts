import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCommitSha } from "#core/names.ts";
import { gitEvidence } from "#git/git-evidence.ts";
import { gitRepository } from "#git/git-repository.ts";
import { openGit } from "#git/open-git.ts";
import { readWorkingTree } from "#git/working-tree.ts";
import { commitFixture } from "./fixture/git-fixture.ts";
import { git, scratchFolder } from "./fixture/git-folders.ts";

describe("openGit()", () => {
  it("says what to do where there is no repository", async () => {
    await using scratch = await scratchFolder();
    await expect(openGit(scratch.folder)).rejects.toMatchObject({
      code: "not-found",
      message: `Cannot find a git repository at "${scratch.folder}": run this inside a clone, or make one with "git init"`,
    });
    await expect(openGit(join(scratch.folder, "none"))).rejects.toMatchObject({ code: "not-found" });
  });

  it("opens the repository around a subfolder", async () => {
    await using scratch = await scratchFolder();
    await commitFixture(scratch.folder);
    const opened = await openGit(join(scratch.folder, "data"));
    expect(await git(opened.folder, "rev-parse", "--show-prefix")).toBe("");
    opened.close();
  });
});

describe("gitRepository()", () => {
  it("defaultBranch() follows origin/HEAD, whatever is checked out", async () => {
    await using scratch = await scratchFolder();
    const source = join(scratch.folder, "source");
    await mkdir(source);
    const { second } = await commitFixture(source);
    await git(source, "branch", "--move", "main", "trunk");
    await git(scratch.folder, "clone", "--quiet", source, "clone");
    const clone = join(scratch.folder, "clone");
    await git(clone, "checkout", "--quiet", "-b", "main");
    await git(clone, "commit", "--quiet", "--allow-empty", "--message", "Local work");
    const opened = await openGit(clone);
    expect(await gitRepository(opened).defaultBranch()).toEqual({ name: "trunk", head: second });
    expect((await gitRepository(opened, { branch: "main" }).defaultBranch()).name).toBe("main");
    await expect(gitRepository(opened, { branch: "absent" }).defaultBranch()).rejects.toThrow(
      /Cannot find the branch "absent"/,
    );
    opened.close();
  });

  it("defaultBranch() of a repository without a commit says so", async () => {
    await using scratch = await scratchFolder();
    await git(scratch.folder, "init", "--quiet");
    const opened = await openGit(scratch.folder);
    await expect(gitRepository(opened).defaultBranch()).rejects.toThrow(/it has no commit yet/);
  });

  it("mergeBase() is undefined for histories that never met, and a sentence in a shallow clone", async () => {
    await using scratch = await scratchFolder();
    const source = join(scratch.folder, "source");
    await mkdir(source);
    const { first, second } = await commitFixture(source);
    await git(source, "checkout", "--quiet", "--orphan", "other");
    await git(source, "commit", "--quiet", "--message", "Elsewhere");
    const opened = await openGit(source);
    const other = await gitRepository(opened, { branch: "other" }).defaultBranch();
    expect(await gitRepository(opened).mergeBase(first, other.head)).toBeUndefined();
    await git(scratch.folder, "clone", "--quiet", "--depth=1", "--branch=main", `file://${source}`, "shallow");
    const shallow = await openGit(join(scratch.folder, "shallow"));
    await expect(gitRepository(shallow).mergeBase(first, second)).rejects.toThrow(
      /shallow; run "git fetch --unshallow"/,
    );
    opened.close();
    shallow.close();
  });

  it("reads what is committed after it was opened", async () => {
    await using scratch = await scratchFolder();
    await commitFixture(scratch.folder);
    const opened = await openGit(scratch.folder);
    const repository = gitRepository(opened);
    await repository.tree((await repository.defaultBranch()).head);
    await git(scratch.folder, "commit", "--quiet", "--allow-empty", "--message", "Later");
    const { head } = await repository.defaultBranch();
    expect((await repository.commit(head))?.message).toBe("Later");
    opened.close();
  });
});

describe("gitEvidence()", () => {
  it("reads what was fetched from origin, also past an old local branch", async () => {
    await using scratch = await scratchFolder();
    const source = join(scratch.folder, "source");
    await mkdir(source);
    await commitFixture(source);
    const there = await openGit(source);
    await gitEvidence(there).write(new Map([["a.json", "1"]]), "one");
    await git(scratch.folder, "clone", "--quiet", source, "clone");
    const clone = join(scratch.folder, "clone");
    await git(clone, "branch", "--quiet", "trainyard", "origin/trainyard");
    await gitEvidence(there).write(new Map([["b.json", "2"]]), "two");
    await git(clone, "fetch", "--quiet");
    const here = await openGit(clone);
    expect(await gitEvidence(here).list()).toEqual(["a.json", "b.json"]);
    await gitEvidence(here).write(new Map([["c.json", "3"]]), "three");
    expect(await gitEvidence(here).list()).toEqual(["a.json", "b.json", "c.json"]);
    there.close();
    here.close();
  });

  it("makes no commit where nothing changes", async () => {
    await using scratch = await scratchFolder();
    await commitFixture(scratch.folder);
    const opened = await openGit(scratch.folder);
    await gitEvidence(opened).write(new Map([["a.json", "1"]]), "one");
    const before = await git(scratch.folder, "rev-parse", "trainyard");
    await gitEvidence(opened).write(new Map([["a.json", "1"]]), "again");
    expect(await git(scratch.folder, "rev-parse", "trainyard")).toBe(before);
    opened.close();
  });
});

describe("a tree", () => {
  it("of an old tool, with zeros before its modes, is listed as git lists it; a damaged one is an error", async () => {
    await using scratch = await scratchFolder();
    await commitFixture(scratch.folder);
    const opened = await openGit(scratch.folder);
    const blob = await git(scratch.folder, "rev-parse", "HEAD:README.md");
    const write = async (...entries: readonly (readonly [string, string])[]): Promise<string> => {
      const input = Buffer.concat(entries.flatMap(([head, id]) => [Buffer.from(`${head}\0`), Buffer.from(id, "hex")]));
      const { stdout } = await opened.run(["hash-object", "-t", "tree", "-w", "--literally", "--stdin"], { input });
      return stdout.toString("utf8").trim();
    };
    const tree = await write(["040000 data", await write(["0100644 f.csv", blob])]);
    expect([...(await gitRepository(opened).tree(parseCommitSha(tree))).values()]).toEqual([
      { path: "data/f.csv", mode: "100644", blob },
    ]);
    const damaged = await write([`100644 ${"x".repeat(60)}`, "00"]);
    await expect(gitRepository(opened).tree(parseCommitSha(damaged))).rejects.toThrow(/it is damaged; run "git fsck"/);
    opened.close();
  });

  it("of a repository of SHA-256 is written and listed too", async () => {
    await using scratch = await scratchFolder();
    await git(scratch.folder, "init", "--quiet", "--object-format=sha256");
    const opened = await openGit(scratch.folder);
    await gitEvidence(opened).write(new Map([["runs/a.json", "{}"]]), "first");
    expect(await gitEvidence(opened).list()).toEqual(["runs/a.json"]);
    opened.close();
  });
});

describe("readWorkingTree()", () => {
  it("is HEAD's tree where nothing was changed", async () => {
    await using scratch = await scratchFolder();
    const { second } = await commitFixture(scratch.folder);
    const opened = await openGit(scratch.folder);
    const working = await readWorkingTree(scratch.folder);
    expect(working).toMatchObject({ dirty: false, head: second });
    expect(working.tree).toEqual(await gitRepository(opened).tree(second));
    await working.close();
    opened.close();
  });

  it("sees changed, new, deleted and staged files, and leaves index and objects as they were", async () => {
    await using scratch = await scratchFolder();
    await commitFixture(scratch.folder);
    await writeFile(join(scratch.folder, ".gitignore"), "out/\n");
    await mkdir(join(scratch.folder, "out"));
    await writeFile(join(scratch.folder, "out", "model.onnx"), "ignored");
    await writeFile(join(scratch.folder, "README.md"), "changed\n");
    await rm(join(scratch.folder, "train.sh"));
    await writeFile(join(scratch.folder, "staged.txt"), "staged\n");
    await git(scratch.folder, "add", "staged.txt");
    await writeFile(join(scratch.folder, "new.txt"), "brand new\n");
    await symlink("new.txt", join(scratch.folder, "link"));
    const status = await git(scratch.folder, "status", "--porcelain");
    const objects = await git(scratch.folder, "count-objects");
    const working = await readWorkingTree(join(scratch.folder, "data"));
    expect(working.dirty).toBe(true);
    expect([...working.tree.values()].map(({ path, mode }) => `${mode} ${path}`)).toEqual([
      "100644 .gitignore",
      "100644 README.md",
      "100644 data/week 1.csv",
      "120000 link",
      "100644 new.txt",
      "100644 staged.txt",
    ]);
    const entry = working.tree.get("new.txt");
    expect(entry && Buffer.from(await working.blob(entry.blob)).toString()).toBe("brand new\n");
    const old = working.tree.get("data/week 1.csv");
    expect(old && (await working.blob(old.blob)).length).toBe(9);
    expect(await git(scratch.folder, "status", "--porcelain")).toBe(status);
    expect(await git(scratch.folder, "count-objects")).toBe(objects);
    await working.close();
  });

  it("works in a repository without a commit, and refuses a bare one", async () => {
    await using scratch = await scratchFolder();
    const fresh = join(scratch.folder, "fresh");
    await mkdir(fresh);
    await git(fresh, "init", "--quiet");
    await writeFile(join(fresh, "a.txt"), "a");
    const working = await readWorkingTree(fresh);
    expect([...working.tree.keys()]).toEqual(["a.txt"]);
    expect(working).toMatchObject({ dirty: true, head: undefined });
    await working.close();
    await git(scratch.folder, "init", "--quiet", "--bare", "bare.git");
    await expect(readWorkingTree(join(scratch.folder, "bare.git"))).rejects.toMatchObject({ code: "refused" });
  });
});
