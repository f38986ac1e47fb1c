#!/usr/bin/env node
// The command `trainyard`, from any folder. In a clone of this project: the bundle where it fits the sources, else the
// sources, on Node 24, with everything installed that they need. In a published package: its bundle, on Node 24 where npm
// brought it along or it is running, else on any Node that the bundle's packages work with.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { findBundle } from "./bundle.mjs";
import { compileCacheFolder, findNode24, findPackagedNode24, follow, isNode24, refuseOldNode } from "./node-24.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "app", "cli", "main.ts");
const compiled = compileCacheFolder();

let file;
let node;
try {
  if (existsSync(source)) {
    file = await prepareClone();
    node = isNode24() ? undefined : findNode24(root);
  } else {
    file = findPackaged();
    node = isNode24() ? undefined : findPackagedNode24(root);
  }
  if (node !== undefined) {
    const args = ["--disable-warning=ExperimentalWarning", file, ...process.argv.slice(2)];
    const env = compiled === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: compiled };
    process.exitCode = await follow(spawn(node, args, { stdio: "inherit", env }));
  }
} catch (error) {
  process.stderr.write(`trainyard: ${error.message}\n`);
  process.exitCode = error.signal ? 128 + constants.signals[error.signal] : 2;
  file = undefined;
}
if (file !== undefined && node === undefined) {
  // not there before Node 22.1
  if (compiled !== undefined) nodeModule.enableCompileCache?.(compiled);
  await import(pathToFileURL(file).href);
}

async function prepareClone() {
  refuseOldNode();
  const { ensureInstalled, isInstalled } = await import("./install.mjs");
  // Development tools serve the demo and the sandbox; who left them out on purpose keeps them out.
  if (!isInstalled(root, { dev: false })) {
    await ensureInstalled(root, { dev: true, say: (text) => process.stderr.write(`trainyard: ${text}\n`) });
  }
  return findBundle(root, "cli/main")?.file ?? source;
}

function findPackaged() {
  refuseOldNode();
  const bundle = findBundle(root, "cli/main");
  if (bundle === undefined) throw new Error("This package is not whole: dist/cli/main.js is missing. Install it again");
  return bundle.file;
}
