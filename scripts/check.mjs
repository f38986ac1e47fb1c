// Everything that has to hold before a change is merged, in the order in which it is cheapest to find out.
import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const steps = [
  ["fmt", "oxfmt", ["--check", "."]],
  ["lint", "oxlint", ["--type-aware", "--deny-warnings"]],
  ["types", "tsc", []],
  ["dead", "knip", []],
  ["test", "node", ["scripts/test.mjs"]],
  ["build", "node", ["scripts/build.mjs"]],
];
const failed = [];
for (const [name, command, args] of steps) {
  process.stdout.write(`\n=== ${name}\n`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
  if (status !== 0) failed.push(name);
}
process.stdout.write(failed.length === 0 ? "\nEverything holds\n" : `\nDoes not hold: ${failed.join(", ")}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
