import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * Packs what is published to npm into a folder: the files that package.json lists, with the bundles that lie in `dist`,
 * and a package.json that asks for what they import and no more. Answers path and SHA-256. The same files give the same
 * bytes. Throws a sentence where bundles are missing or import what nobody would install.
 */
export function packPackage(root, into) {
  const stage = mkdtempSync(join(tmpdir(), "trainyard-pack-"));
  try {
    for (const path of listFiles(root)) {
      mkdirSync(dirname(join(stage, path)), { recursive: true });
      copyFileSync(join(root, path), join(stage, path));
    }
    const published = trimPackage(readJson(join(root, "package.json")), readJson(join(root, "dist", "bundles.json")));
    writeFileSync(join(stage, "package.json"), `${JSON.stringify(published, undefined, 2)}\n`);
    mkdirSync(into, { recursive: true });
    const { filename } = npmPack(stage, ["--pack-destination", into]);
    const file = join(into, filename);
    return { file, sha256: createHash("sha256").update(readFileSync(file)).digest("hex") };
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Paths of what npm would pack here, in its order. */
export function listFiles(root) {
  const { files } = npmPack(root, ["--dry-run"]);
  return files.map(({ path }) => path);
}

/**
 * package.json as it is published: what only the sources need is gone. A commit runs from its sources and needs all of
 * it; a bundle carries most, and who installs a command line should not wait for the rest.
 */
export function trimPackage(whole, bundles) {
  if (bundles === undefined) throw new Error('There are no bundles: run "npm run build" first');
  const ofSources = new Set(["scripts", "devDependencies", "imports", "overrides", "allowScripts"]);
  const kept = Object.fromEntries(Object.entries(whole).filter(([key]) => !ofSources.has(key)));
  const { dependencies } = whole;
  const imported = new Set(Object.values(bundles).flatMap(({ packages }) => packages.map(nameOf)));
  const unknown = [...imported].filter((name) => dependencies[name] === undefined);
  if (unknown.length > 0) throw new Error(`The bundles import "${unknown.join('", "')}", which is no dependency`);
  return {
    ...kept,
    dependencies: Object.fromEntries(Object.entries(dependencies).filter(([name]) => imported.has(name))),
  };
}

/** "@actions/expressions/ast" belongs to "@actions/expressions". */
function nameOf(id) {
  return id.split("/", id.startsWith("@") ? 2 : 1).join("/");
}

function npmPack(folder, args) {
  const all = ["pack", "--json", "--ignore-scripts", "--loglevel=error", ...args];
  const windows = process.platform === "win32";
  const said = execFileSync(windows ? "npm.cmd" : "npm", all, { cwd: folder, encoding: "utf8", shell: windows });
  // a list, or by name in newer ones
  return Object.values(JSON.parse(said))[0];
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
