import { lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { makeSmallCheckout, start } from "./small-checkout.ts";

const { digestSources } = await import(join(import.meta.dirname, "../../scripts/bundle.mjs"));

const files = {
  "actions/plan/index.mjs": 'import { launch } from "../launch.mjs";\nawait launch("plan");\n',
  "actions/plan/main.ts": 'const from: string = "source";\nconsole.log(`planned from ${from}`);\n',
  "app/core/x.ts": "export const x: number = 1;\n",
};
const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const checkout = (more: Record<string, string> = {}) => {
  const folder = makeSmallCheckout({ ...files, ...more });
  made.push(folder);
  return folder;
};
const launch = (folder: string, env: Record<string, string | undefined> = {}) =>
  start(process.execPath, [join(folder, "actions", "plan", "index.mjs")], {
    cwd: folder,
    env: { RUNNER_TOOL_CACHE: undefined, ...env },
  }).ended;

it("an action of a bare checkout installs what it needs and runs its source", async () => {
  const folder = checkout();
  const ended = await launch(folder);
  expect(ended.code).toBe(0);
  expect(ended.stdout).toMatch(/Installing .*\nInstalled in \d+ s\nplanned from source\n$/s);
  expect((await launch(folder)).stdout).toBe("planned from source\n");
});

it("two checkouts of one commit share the tool cache, also when they start at once", async () => {
  // the cache gets the lock file alone, so nothing in it may point into the checkout
  const empty = { name: "small", version: "1.0.0", lockfileVersion: 3, packages: { "": { name: "small" } } };
  const alone = { "package.json": '{"name":"small","type":"module"}', "package-lock.json": JSON.stringify(empty) };
  const folders = [checkout(alone), checkout(alone)];
  const cache = checkout();
  const ended = await Promise.all(folders.map((folder) => launch(folder, { RUNNER_TOOL_CACHE: cache })));
  expect(ended.map(({ code }) => code)).toEqual([0, 0]);
  expect(
    ended
      .map(({ stdout }) => stdout)
      .join("")
      .match(/Installing/g),
  ).toHaveLength(1);
  for (const folder of folders) expect(lstatSync(join(folder, "node_modules")).isSymbolicLink()).toBe(true);
});

it("two steps of one checkout do not collide", async () => {
  const folder = checkout();
  const ended = await Promise.all([launch(folder), launch(folder)]);
  expect(ended.map(({ code, stdout }) => [code, stdout.endsWith("planned from source\n")])).toEqual([
    [0, true],
    [0, true],
  ]);
});

it("a bundle runs with nothing installed, and only while it is that of the sources beside it", async () => {
  const folder = checkout();
  mkdirSync(join(folder, "dist", "actions", "plan"), { recursive: true });
  writeFileSync(join(folder, "dist", "actions", "plan", "main.js"), 'console.log("planned from bundle");\n');
  const sources = ["actions/plan/main.ts", "app/core/x.ts"];
  const manifest = { "actions/plan/main": { sources, sha256: digestSources(folder, sources), packages: [] } };
  writeFileSync(join(folder, "dist", "bundles.json"), JSON.stringify(manifest));
  expect((await launch(folder)).stdout).toBe("planned from bundle\n");
  writeFileSync(join(folder, "app", "core", "x.ts"), "export const x: number = 2;\n");
  expect((await launch(folder)).stdout).toContain("planned from source");
});

it("an action that cannot be installed ends with one sentence", async () => {
  const folder = checkout({ "package-lock.json": "{}" });
  const ended = await launch(folder);
  expect(ended.code).toBe(1);
  expect(ended.stdout).toMatch(/::error title=Trainyard could not start::Action "plan": Cannot install/);
  expect(ended.stdout + ended.stderr).not.toContain("    at ");
});

it("an action that throws says so and fails", async () => {
  const folder = checkout({ "actions/plan/main.ts": 'throw new Error("no\\nluck");\n' });
  const ended = await launch(folder);
  expect(ended).toMatchObject({ code: 1, stderr: "" });
  expect(ended.stdout).toContain('::error title=Trainyard stopped::Action "plan": no%0Aluck');
  expect(readFileSync(join(folder, "package-lock.json"), "utf8")).toContain("thing");
});
