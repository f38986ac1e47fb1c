import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBundle } from "../bundle.mjs";

const person = { name: "github-actions[bot]", email: "41898282+github-actions[bot]@users.noreply.github.com" };

/**
 * Makes the commit of a release: a child of `parent` that adds the bundles of a folder as `dist/`, and nothing else. No
 * branch and no working tree is touched, and the same bundles on the same parent give the same commit. Answers its id.
 */
export function commitBundles(root, { parent, bundles, version }) {
  const scratch = mkdtempSync(join(tmpdir(), "trainyard-release-"));
  const env = { GIT_INDEX_FILE: join(scratch, "index") };
  const git = (args, more = {}) => runGit(root, args, { ...env, ...more });
  try {
    git(["read-tree", parent]);
    for (const path of listFolder(bundles)) {
      const blob = git(["hash-object", "-w", "--no-filters", join(bundles, path)]);
      git(["update-index", "--add", "--cacheinfo", `100644,${blob},dist/${path}`]);
    }
    const tree = git(["write-tree"]);
    // the parent's instant, so that anybody who builds the same gets the same commit
    const date = runGit(root, ["show", "--no-patch", "--format=%cI", parent]);
    const names = Object.entries({ NAME: person.name, EMAIL: person.email, DATE: date });
    const who = Object.fromEntries(
      names.flatMap(([key, value]) => [
        [`GIT_AUTHOR_${key}`, value],
        [`GIT_COMMITTER_${key}`, value],
      ]),
    );
    const message = `Release ${version}\n\nThe bundles of ${parent}, beside its sources.`;
    return git(["commit-tree", tree, "-p", parent, "-m", message], who);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * Looks at a release's commit from outside: it adds files below `dist/` to its parent and changes nothing, and in a
 * checkout of it every action and the command line find a bundle of exactly the sources beside it. Throws a sentence.
 */
export function checkCommit(root, { parent, commit }) {
  const changed = runGit(root, ["diff-tree", "-r", "--no-renames", "--name-status", parent, commit]).split("\n");
  const foreign = changed.filter((line) => !/^A\tdist\/[\w./-]+$/.test(line));
  if (foreign.length > 0) throw new Error(`The release would change more than it adds below dist/: ${foreign[0]}`);
  if (runGit(root, ["rev-parse", `${commit}^`]) !== parent) throw new Error(`${commit} is no child of ${parent}`);
  const checkout = mkdtempSync(join(tmpdir(), "trainyard-release-"));
  try {
    const archive = execFileSync("git", ["archive", "--format=tar", commit], { cwd: root, maxBuffer: 2 ** 30 });
    execFileSync("tar", ["-x", "-C", checkout], { input: archive });
    const entries = Object.keys(JSON.parse(readFileSync(join(checkout, "dist", "bundles.json"), "utf8")));
    const actions = readdirSync(join(checkout, "actions"))
      .filter((name) => existsSync(join(checkout, "actions", name, "main.ts")))
      .map((name) => `actions/${name}/main`);
    const wanted = [...actions, "cli/main"];
    const missing = [...wanted, ...entries].filter((entry) => findBundle(checkout, entry) === undefined);
    if (missing.length > 0) throw new Error(`No bundle of the sources beside it: ${missing.join(", ")}`);
    return wanted;
  } finally {
    rmSync(checkout, { recursive: true, force: true });
  }
}

/** Every file below a folder, with "/" between names, in order. */
export function listFolder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .sort();
}

export function runGit(root, args, env = {}) {
  return execFileSync("git", args, { cwd: root, encoding: "utf8", env: { ...process.env, ...env } }).trim();
}
