import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { makeSmallCheckout, start } from "./small-checkout.ts";

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const checkout = (files?: Record<string, string>) => {
  const folder = makeSmallCheckout(files);
  made.push(folder);
  return folder;
};
const up = (folder: string, args: readonly string[], env: Record<string, string | undefined> = {}, cwd = tmpdir()) =>
  start(process.execPath, [join(folder, "scripts", "up.mjs"), ...args], { cwd, env });

it("up installs development tools under NODE_ENV=production, from another folder, once", async () => {
  const folder = checkout();
  const env = {
    NODE_ENV: "production",
    npm_config_omit: "dev",
    npm_config_prefix: "elsewhere",
    npm_config_production: "true",
  };
  const first = await up(folder, ["thing"], env).ended;
  expect(first).toMatchObject({ code: 0, stdout: `thing on ${process.versions.node.split(".")[0]} ${folder}\n` });
  expect(first.stderr).toMatch(/Installing .*\n.*Installed in \d+ s/);
  const second = await up(folder, ["thing"], env).ended;
  expect(second).toMatchObject({ code: 0, stderr: "" });
});

it("up installs once when it is started twice at once", async () => {
  const folder = checkout();
  const both = await Promise.all([up(folder, ["thing"]).ended, up(folder, ["thing"]).ended]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(
    both
      .map(({ stderr }) => stderr)
      .join("")
      .match(/Installing/g),
  ).toHaveLength(1);
});

it("up takes over the lock of a process that is gone", async () => {
  const folder = checkout();
  const lock = join(folder, ".trainyard", "install.lock");
  mkdirSync(lock, { recursive: true });
  const gone = await start(process.execPath, ["-e", "console.log(process.pid)"], { cwd: folder }).ended;
  const { hostname } = await import("node:os");
  writeFileSync(
    join(lock, "owner.json"),
    JSON.stringify({ token: "x", host: hostname(), pids: [Number(gone.stdout)] }),
  );
  expect(await up(folder, ["thing"]).ended).toMatchObject({ code: 0 });
  expect(existsSync(lock)).toBe(false);
});

it("up adopts what npm installed by hand, and installs again when the lock file changes", async () => {
  const folder = checkout();
  await up(folder, ["thing"]).ended;
  rmSync(join(folder, "node_modules", ".trainyard-installed"));
  expect((await up(folder, ["thing"]).ended).stderr).toBe("");
  const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ ...lock, version: "1.0.1" }));
  rmSync(join(folder, "node_modules", ".package-lock.json"));
  expect((await up(folder, ["thing"]).ended).stderr).toContain("Installing");
});

it("up passes on exit codes and signals", async () => {
  const folder = checkout();
  expect(await up(folder, ["node", "-e", "process.exit(7)"]).ended).toMatchObject({ code: 7 });
  const patient = "process.on('SIGTERM', () => process.exit(9)); setInterval(() => {}, 1000); console.log('ready')";
  const { child, ended } = up(folder, ["node", "-e", patient]);
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({ code: 9 });
});

it("up says what npm said when the lock file cannot be installed, and leaves no lock", async () => {
  const folder = checkout({
    "package.json": JSON.stringify({ name: "small", dependencies: { missing: "file:missing" } }),
  });
  const ended = await up(folder, ["thing"]).ended;
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(/Cannot install: npm ci ended with code 1\. It said:\n.*missing/s);
  expect(ended.stderr).not.toContain("    at ");
  expect(existsSync(join(folder, ".trainyard", "install.lock"))).toBe(false);
});

it("up names the missing git, the missing npm and the missing command", async () => {
  const folder = checkout();
  expect(await up(folder, ["thing"], { PATH: "/nowhere" }).ended).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('There is no "git" on PATH') as string,
  });
  mkdirSync(join(folder, "only-git"));
  writeFileSync(join(folder, "only-git", "git"), "#!/bin/sh\n");
  chmodSync(join(folder, "only-git", "git"), 0o755);
  const alone = await up(folder, ["thing"], { PATH: join(folder, "only-git") }).ended;
  expect(alone.stderr).toContain('there is no "npm"');
  await up(folder, ["thing"]).ended;
  expect(await up(folder, ["nosuch"]).ended).toMatchObject({
    code: 2,
    stderr: 'trainyard: There is no command "nosuch"\n',
  });
});
