import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { mergeTrees } from "#core/identity/merged-tree.ts";
import type { Tree, TreeEntry } from "#core/identity/tree.ts";
import { parseBlobSha } from "#core/names.ts";
import { treeOf } from "../tree-of.ts";

/** Small random histories, merged by git itself: whatever we call merged must be git's very tree. */
type Files = Map<string, { mode: string; content: string }>;
type Story = { ancestor: Files; base: Files; head: Files };

const folder = mkdtempSync(join(tmpdir(), "trainyard-merges-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function git(args: readonly string[], input = ""): string {
  return execFileSync("git", args, { cwd: folder, env: environment, input, maxBuffer: 1e8 }).toString();
}
const environment = { PATH: process.env["PATH"], HOME: folder, GIT_CONFIG_NOSYSTEM: "1" };

function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const folders = ["", "a/", "b/", "a/c/", "d/"];

function tell(random: (below: number) => number): Story {
  const ancestor: Files = new Map();
  const content = (): string => Array.from({ length: 12 }, () => `line ${random(40)}\n`).join("");
  const name = (): string => `${folders[random(folders.length)]}f${random(4)}`;
  for (let count = 0; count < 9; count += 1) ancestor.set(name(), { mode: "100644", content: content() });
  const change = (files: Files): Files => {
    const changed = new Map(files);
    for (let count = 1 + random(3); count > 0; count -= 1) {
      const paths = [...changed.keys()];
      const path = paths[random(paths.length)] ?? name();
      const file = changed.get(path) ?? { mode: "100644", content: content() };
      const act = random(9);
      if (act < 2) changed.set(path, { ...file, content: `${file.content}more ${random(9)}\n` });
      else if (act === 2) changed.delete(path);
      else if (act < 5) changed.set(name(), { mode: "100644", content: content() });
      else if (act === 5) {
        changed.delete(path);
        changed.set(name(), file);
      } else if (act === 6) moveFolder(changed, folders[1 + random(4)] ?? "", `${["e", "a", "a/e"][random(3)]}/`);
      else if (act === 7) changed.set(path, { ...file, mode: file.mode === "100644" ? "100755" : "100644" });
      else {
        changed.delete(path);
        changed.set(`${path}/inside`, file);
      }
    }
    return withoutCollisions(changed);
  };
  const clean = withoutCollisions(ancestor);
  return { ancestor: clean, base: change(clean), head: change(clean) };
}

function moveFolder(files: Files, from: string, to: string): void {
  const before = [...files];
  for (const [path, file] of before) {
    if (!path.startsWith(from)) continue;
    files.delete(path);
    files.set(to + path.slice(from.length), file);
  }
}

/** git's trees hold no path that is file and folder. */
function withoutCollisions(files: Files): Files {
  return new Map([...files].filter(([path]) => ![...files.keys()].some((other) => other.startsWith(`${path}/`))));
}

function importStories(stories: readonly Story[]): void {
  const lines: string[] = [];
  const commit = (ref: string, files: Files, from: string | undefined): void => {
    lines.push(
      `commit refs/heads/${ref}\nmark :${lines.length + 1}\ncommitter A <a@example.com> 1700000000 +0000\ndata 0\n`,
    );
    if (from !== undefined) lines.push(`from refs/heads/${from}\ndeleteall\n`);
    for (const [path, { mode, content }] of files) {
      lines.push(`M ${mode} inline ${path}\ndata ${Buffer.byteLength(content)}\n${content}\n`);
    }
  };
  for (const [index, { ancestor, base, head }] of stories.entries()) {
    commit(`ancestor-${index}`, ancestor, undefined);
    commit(`base-${index}`, base, `ancestor-${index}`);
    commit(`head-${index}`, head, `ancestor-${index}`);
  }
  git(["init", "-q", "--bare", "."]);
  git(["fast-import", "--quiet"], lines.join(""));
}

const toTree = (files: Files): Tree => treeOf(Object.fromEntries(files));

function readTree(object: string): Tree {
  const tree = new Map<string, TreeEntry>();
  for (const line of git(["ls-tree", "-r", "-z", object]).split("\0")) {
    const [, mode = "", blob = "", path = ""] = /^(\d+) \w+ (\w+)\t([^]*)$/.exec(line) ?? [];
    if (path !== "") tree.set(path, { path, mode, blob: parseBlobSha(blob) });
  }
  return tree;
}

describe("mergeTrees() beside git merge-tree", () => {
  it("calls merged only what git merges into the same tree", () => {
    const random = makeRandom(20_240_607);
    const stories = Array.from({ length: 100 }, () => tell(random));
    importStories(stories);
    let [merged, stale, needless] = [0, 0, 0];
    for (const [index, story] of stories.entries()) {
      const found = mergeTrees(toTree(story.base), toTree(story.ancestor), toTree(story.head));
      const renames = ["conflict", "true", "false"][index % 3];
      const args = [
        "-c",
        `merge.directoryRenames=${renames}`,
        "merge-tree",
        "--write-tree",
        "--no-messages",
        `base-${index}`,
        `head-${index}`,
      ];
      const { status, stdout } = spawnSync("git", args, { cwd: folder, env: environment });
      const clean = status === 0;
      if (found.kind === "stale") {
        stale += 1;
        if (clean) needless += 1;
        continue;
      }
      merged += 1;
      expect([index, clean]).toEqual([index, true]);
      expect([index, new Map(found.tree)]).toEqual([index, readTree(stdout.toString().trim())]);
    }
    // The stories are worth something: many of both kinds, few needless refusals
    expect(merged).toBeGreaterThan(25);
    expect(stale).toBeGreaterThan(25);
    expect(needless).toBeLessThan(25);
  });
});
