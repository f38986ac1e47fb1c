// Installs what the lock file says if it is not there yet, then runs the rest of the command line on Node 24.
import { spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./install.mjs";
import { findNode24, follow, refuseOldNode } from "./node-24.mjs";

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
  refuseOldNode();
  if (spawnSync("git", ["--version"], { stdio: "ignore" }).error) {
    throw new Error('There is no "git" on PATH: install git 2.38 or newer and run this again');
  }
  await ensureInstalled(root, { dev: true, say });
  // Searched first, so that `node` is Node 24 whatever started this.
  const folders = new Set([join(root, "node_modules", ".bin"), dirname(findNode24(root))]);
  return run(command, args, [...folders]);
}

async function run(command, args, folders) {
  const path = [...folders, process.env.PATH ?? ""].join(delimiter);
  const child = spawn(command, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: path },
    shell: process.platform === "win32",
  });
  return await follow(child).catch((error) => {
    throw new Error(
      error.code === "ENOENT" ? `There is no command "${command}"` : `"${command}" did not start: ${error.message}`,
    );
  });
}
