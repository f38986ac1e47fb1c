import { cpSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, unlinkSync } from "node:fs";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { findBundle } from "../scripts/bundle.mjs";
import { ensureInstalled, isInstalled } from "../scripts/install.mjs";
import { withLock } from "../scripts/lock-folder.mjs";
import { seal } from "./seal.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (text) => process.stdout.write(`${text}\n`);

/**
 * Runs an action of this repository from whatever commit was checked out: its bundle where one lies beside it, else its
 * source, with packages installed from the lock file when they are not there. Ends the step with one sentence on error.
 * `runsTeamCode`: whatever it starts shall find no token by looking at how this process was started.
 */
export async function launch(name, { runsTeamCode = false } = {}) {
  let file;
  try {
    if (runsTeamCode) seal();
    file = await prepare(name);
  } catch (error) {
    stop(name, "could not start", error);
    return;
  }
  try {
    await import(pathToFileURL(file).href);
  } catch (error) {
    stop(name, "stopped", error);
  }
}

async function prepare(name) {
  const bundle = findBundle(root, `actions/${name}/main`);
  if (bundle !== undefined) {
    if (!bundle.packages.every(isResolvable)) await provideModules();
    return bundle.file;
  }
  if (Number.parseInt(process.versions.node) < 24) {
    throw new Error(`it runs on Node 24 and this is ${process.versions.node}: use a runner that knows "using: node24"`);
  }
  await provideModules();
  return join(root, "actions", name, "main.ts");
}

function isResolvable(id) {
  try {
    createRequire(join(root, "package.json")).resolve(id);
    return true;
  } catch {
    return false;
  }
}

/** With a tool cache the packages are installed there once for every checkout of the same lock file, and linked. */
async function provideModules() {
  if (isInstalled(root, { dev: false })) return;
  const cache = process.env.RUNNER_TOOL_CACHE;
  if (!cache || !(await linkFromCache(cache))) await ensureInstalled(root, { dev: false, say });
}

async function linkFromCache(cache) {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex")
    .slice(0, 16);
  const folder = join(cache, "trainyard", `${lock}-${process.platform}-${process.arch}`);
  try {
    mkdirSync(folder, { recursive: true });
    await withLock(`${folder}.copy.lock`, () => {
      for (const file of ["package.json", "package-lock.json", ".npmrc"]) cpSync(join(root, file), join(folder, file));
    });
  } catch {
    return false; // a cache that cannot be written to is no reason to fail
  }
  await ensureInstalled(folder, { dev: false, say });
  await withLock(join(root, ".trainyard", "link.lock"), () =>
    link(join(folder, "node_modules"), join(root, "node_modules")),
  );
  return true;
}

function link(target, path) {
  if (isInstalled(root, { dev: false })) return;
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there?.isSymbolicLink()) unlinkSync(path);
  else if (there) rmSync(path, { recursive: true, force: true });
  symlinkSync(target, path, process.platform === "win32" ? "junction" : "dir");
  if (!isInstalled(root, { dev: false })) throw new Error(`the packages linked to "${target}" are not there`);
}

function stop(name, what, error) {
  const text = error instanceof Error ? error.message : String(error);
  say(`::error title=Trainyard ${what}::${escapeCommand(`Action "${name}": ${text}`)}`);
  process.exitCode = 1;
}

function escapeCommand(text) {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
