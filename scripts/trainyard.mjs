#!/usr/bin/env node
// The command `trainyard`: the bundle where there is one, else the sources on Node 24.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { findBundle } from "./bundle.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bundle = findBundle(root, "cli/main");
const source = join(root, "app", "cli", "main.ts");
const installed = join(root, "node_modules", ".bin", "node");

if (bundle !== undefined) await import(pathToFileURL(bundle.file).href);
else if (Number.parseInt(process.versions.node) >= 24) await import(pathToFileURL(source).href);
else if (existsSync(installed)) await runOn(installed);
else {
  process.stderr.write(
    `trainyard: Node ${process.versions.node} cannot run the sources: use Node 24, or run "npm run build" first\n`,
  );
  process.exitCode = 2;
}

function runOn(node) {
  const args = ["--disable-warning=ExperimentalWarning", source, ...process.argv.slice(2)];
  const child = spawn(node, args, { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => (signal === "SIGINT" && process.stdin.isTTY) || child.kill(signal));
  }
  return new Promise((resolve) => {
    child.once("close", (code, signal) => {
      process.exitCode = signal ? 128 + constants.signals[signal] : (code ?? 2);
      resolve();
    });
  });
}
