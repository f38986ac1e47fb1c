import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** A checkout that holds only our start-up scripts and one development dependency, so that installing takes a second. */
export function makeSmallCheckout(files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "trainyard-checkout-"));
  for (const path of ["scripts", "actions/launch.mjs", "actions/seal.mjs", ".npmrc"])
    cpSync(join(root, path), join(folder, path), { recursive: true });
  const lock = {
    name: "small",
    version: "1.0.0",
    lockfileVersion: 3,
    requires: true,
    packages: {
      "": { name: "small", version: "1.0.0", devDependencies: { thing: "file:thing" } },
      "node_modules/thing": { resolved: "thing", link: true },
      thing: { version: "1.0.0", dev: true, bin: { thing: "thing.js" } },
    },
  };
  const all = {
    "package.json": JSON.stringify({ ...lock.packages[""], type: "module" }),
    "package-lock.json": JSON.stringify(lock),
    "thing/package.json": JSON.stringify({
      name: "thing",
      version: "1.0.0",
      type: "module",
      bin: { thing: "thing.js" },
    }),
    "thing/thing.js":
      "#!/usr/bin/env node\nconsole.log('thing on', process.versions.node.split('.')[0], process.cwd());\n",
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, path.endsWith(".js") ? { mode: 0o755 } : {});
  }
  return folder;
}

export type Ended = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };

/** Starts a command and collects what it prints; `ended` settles when it has gone. */
export function start(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string | undefined> },
): { child: ChildProcess; ended: Promise<Ended> } {
  const env = { ...process.env, npm_execpath: undefined, ...options.env };
  const child = spawn(command, args, { cwd: options.cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (text.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text.stderr += chunk.toString()));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, ...text }));
  });
  return { child, ended };
}
