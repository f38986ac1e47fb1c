import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { withLock } from "./lock-folder.mjs";

const stampOf = (root) => join(root, "node_modules", ".trainyard-installed");

/**
 * Sees to it that `node_modules` beside the lock file is what the lock file says, and installs if it is not. With
 * `dev: false` development tools may be missing. Calls `say` with progress. Throws an Error with a sentence for people.
 */
export async function ensureInstalled(root, { dev, say }) {
  if (isInstalled(root, { dev })) return;
  await withLock(
    join(root, ".trainyard", "install.lock"),
    async (alsoHold) => {
      if (isInstalled(root, { dev })) return;
      await install(root, { dev, say, alsoHold });
    },
    () => say("Waiting for another process that installs the dependencies"),
  );
}

/** Is `node_modules` complete for this lock file on this platform? Reads a stamp, or else npm's own record. */
export function isInstalled(root, { dev }) {
  const wanted = readText(join(root, "package-lock.json"));
  if (wanted === undefined) throw new Error(`Cannot install: "${join(root, "package-lock.json")}" is missing`);
  const stamp = readText(stampOf(root));
  if (stamp === stampText(wanted, true) || (!dev && stamp === stampText(wanted, false))) return true;
  const actual = readText(join(root, "node_modules", ".package-lock.json"));
  if (actual === undefined || !holdsAll(JSON.parse(wanted).packages, JSON.parse(actual).packages, dev)) return false;
  writeStamp(root, stampText(wanted, dev));
  return true;
}

function stampText(lock, dev) {
  const sha256 = createHash("sha256").update(lock).digest("hex");
  return `${sha256} ${process.platform}-${process.arch} ${dev ? "all" : "production"}\n`;
}

function writeStamp(root, text) {
  try {
    mkdirSync(join(root, "node_modules"), { recursive: true });
    writeFileSync(stampOf(root), text);
  } catch {
    // a read-only checkout: looked at again next time
  }
}

function holdsAll(wanted, actual, dev) {
  const needed = Object.entries(wanted).filter(
    ([path, entry]) => path !== "" && (dev || !entry.dev) && !entry.devOptional,
  );
  const right = ([path, entry]) => {
    const there = actual[path];
    if (there === undefined) return entry.optional === true && !isForHere(entry);
    return there.version === entry.version && there.integrity === entry.integrity;
  };
  const known = (path) => wanted[path] !== undefined;
  return needed.every(right) && Object.keys(actual).every(known);
}

/** Optional packages are bindings of one platform each; what those of other platforms need may be missing too. */
function isForHere({ os, cpu, libc }) {
  const names = (list, value) => list !== undefined && [list].flat().includes(value);
  return names(os, process.platform) && names(cpu, process.arch) && (libc === undefined || names(libc, libcHere()));
}

function libcHere() {
  return process.report.getReport().header.glibcVersionRuntime === undefined ? "musl" : "glibc";
}

async function install(root, { dev, say, alsoHold }) {
  const started = Date.now();
  say("Installing the dependencies from package-lock.json (once, about half a minute)");
  const npm = findNpm();
  const flags = [
    "--include=optional",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--global=false",
    "--dry-run=false",
  ];
  const more = ["--package-lock=true", "--package-lock-only=false", "--workspaces=false", "--loglevel=error"];
  const which = dev ? "--include=dev" : "--omit=dev";
  const child = spawn(npm.command, [...npm.args, "ci", which, ...flags, ...more], {
    cwd: root,
    env: cleanEnvironment(process.env),
    stdio: ["ignore", "pipe", "pipe"],
    shell: npm.shell,
  });
  const stop = (signal) => child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, stop);
  let output = "";
  const keep = (chunk) => (output = (output + chunk).slice(-4_000));
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const ended = await new Promise((resolve) => {
    child.once("error", (error) => resolve({ error }));
    child.once("close", (code, signal) => resolve({ code, signal }));
    if (child.pid !== undefined) alsoHold(child.pid);
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeListener(signal, stop);
  if (ended.error?.code === "ENOENT") {
    throw new Error(
      'Cannot install: there is no "npm" beside this Node and none on PATH. Install Node 20 or newer with npm',
    );
  }
  if (ended.error) throw new Error(`Cannot install: npm did not start: ${ended.error.message}`);
  if (ended.signal)
    throw Object.assign(new Error(`Installing was stopped by ${ended.signal}`), { signal: ended.signal });
  if (ended.code !== 0) {
    throw new Error(`Cannot install: npm ci ended with code ${ended.code}. It said:\n${output.trim()}`);
  }
  writeStamp(root, stampText(readFileSync(join(root, "package-lock.json"), "utf8"), dev));
  say(`Installed in ${Math.round((Date.now() - started) / 1_000)} s`);
}

/** What an outer npm or a production host would tell the inner one, and must not: it asks for half an install. */
function cleanEnvironment(env) {
  const misleading =
    /^(?:NODE_ENV|npm_(?:config_(?:omit|include|only|also|dev|production|optional|global|location|prefix|local_prefix|dry_run|ignore_scripts|workspaces?|package_lock.*|install_.*|save.*|os|cpu|libc|json|force|before|engine_strict|allow_.*|strict_allow.*)|package_.*|lifecycle_.*|command))$/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !misleading.test(name)));
}

function findNpm() {
  const windows = process.platform === "win32";
  const bin = dirname(process.execPath);
  const scripts = [
    process.env.npm_execpath,
    join(bin, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
    join(bin, "node_modules", "npm", "bin", "npm-cli.js"),
  ];
  const script = scripts.find((path) => path !== undefined && /npm-cli\.c?js$/.test(path) && existsSync(path));
  if (script !== undefined) return { command: process.execPath, args: [script], shell: false };
  const name = windows ? "npm.cmd" : "npm";
  const found = (process.env.PATH ?? "").split(delimiter).find((folder) => folder && existsSync(join(folder, name)));
  return { command: found === undefined ? name : join(found, name), args: [], shell: windows };
}

function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
