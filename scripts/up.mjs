// Installs what the lock file says if it is not there yet, then runs the rest of the command line on Node 24.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./install.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (text) => process.stderr.write(`trainyard: ${text}\n`);

try {
  process.exitCode = await up(process.argv.slice(2));
} catch (error) {
  say(error.message);
  process.exitCode = error.signal ? 128 + constants.signals[error.signal] : 2;
}

async function up([command, ...args]) {
  if (command === undefined) throw new Error("Name the command to run: node scripts/up.mjs COMMAND [ARGUMENT…]");
  if (Number.parseInt(process.versions.node) < 20) {
    throw new Error(
      `Node ${process.versions.node} is too old: Trainyard needs Node 20 or newer. See https://nodejs.org`,
    );
  }
  if (spawnSync("git", ["--version"], { stdio: "ignore" }).error) {
    throw new Error('There is no "git" on PATH: install git 2.38 or newer and run this again');
  }
  await ensureInstalled(root, { dev: true, say });
  return run(command, args, nodeFolders());
}

/** The folders to search first, so that `node` is Node 24 whatever started this. */
function nodeFolders() {
  const bin = join(root, "node_modules", ".bin");
  const installed = join(bin, "node");
  if (existsSync(installed)) {
    if (spawnSync(installed, ["--version"], { stdio: "ignore" }).status === 0) return [bin];
    // The binary is for another C library: out of the way, or every tool here would start it.
    rmSync(installed, { force: true });
  }
  if (Number.parseInt(process.versions.node) >= 24) return [bin, dirname(process.execPath)];
  throw new Error(
    `Node ${process.versions.node} is running and Node 24 is needed: npm brings it for Linux on x64 only, ` +
      `this is ${process.platform} on ${process.arch}. Install Node 24 from https://nodejs.org and run this again`,
  );
}

function run(command, args, folders) {
  const path = [...folders, process.env.PATH ?? ""].join(delimiter);
  const child = spawn(command, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: path },
    shell: process.platform === "win32",
  });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  // A terminal sends Ctrl-C to the child as well: a second one would look like impatience.
  const forward = (signal) => (signal === "SIGINT" && process.stdin.isTTY) || child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      reject(
        new Error(
          error.code === "ENOENT" ? `There is no command "${command}"` : `"${command}" did not start: ${error.message}`,
        ),
      );
    });
    child.once("close", (code, signal) => resolve(signal ? 128 + constants.signals[signal] : code));
  });
}
