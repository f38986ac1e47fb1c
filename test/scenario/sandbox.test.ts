import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { repositoryFiles } from "#test/flow/story/repository-files.ts";
import { runCli, startCli as startOne, type Started } from "./cli/run-cli.ts";

const run = promisify(execFile);
let folder: string;
const everyStarted: Started[] = [];
const startCli: typeof startOne = (...how) => {
  const started = startOne(...how);
  everyStarted.push(started);
  return started;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trainyard-up-"));
  const files = repositoryFiles("app", { churn: {} });
  // a program that only whoever starts the sandbox has on the PATH
  const training = `mine || exit 3\n${files["churn/train.sh"] ?? ""}`;
  for (const [path, text] of Object.entries({ ...files, "churn/train.sh": training })) {
    const file = join(folder, "shop", path);
    // oxlint-disable-next-line no-await-in-loop -- a few small files
    await mkdir(dirname(file), { recursive: true });
    // oxlint-disable-next-line no-await-in-loop -- see above
    await writeFile(file, text ?? "");
  }
  await mkdir(join(folder, "tmp"));
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "bin", "mine"), "#!/bin/sh\n", { mode: 0o755 });
});

afterEach(() => {
  // what a failing test left running
  for (const { process } of everyStarted.splice(0)) process.kill("SIGKILL");
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

type Up = { started: Started; url: string; token: string; clone: string };

async function up(...args: readonly string[]): Promise<Up> {
  const started = startCli(folder, ["sandbox", "up", "shop", ...args], {
    TMPDIR: join(folder, "tmp"),
    PATH: `${join(folder, "bin")}${delimiter}${process.env["PATH"] ?? ""}`,
  });
  await vi.waitFor(() => expect(started.said.stdout, started.said.stderr).toContain("Ctrl-C stops it."), 60_000);
  const { stdout } = started.said;
  const [, url = ""] = /is at (\S+),/.exec(stdout) ?? [];
  const [, token = ""] = /token is (\S+)/.exec(stdout) ?? [];
  const [, clone = ""] = /git clone (\S+)/.exec(stdout) ?? [];
  return { started, url, token, clone };
}

/** Stops it as Ctrl-C does; answers its exit code and what of it still runs. */
async function stop({ started }: Up): Promise<{ code: number | null; left: readonly string[] }> {
  started.process.kill("SIGINT");
  const { code } = await started.ended;
  const { stdout } = await run("ps", ["-eo", "args"]);
  return { code, left: stdout.split("\n").filter((line) => line.includes(folder)) };
}

it("goes on where it stopped, under the same address and with the same token", async () => {
  const first = await up("--state", join(folder, "state"));
  const git = async (...args: readonly string[]): Promise<string> =>
    (await run("git", [...args], { cwd: join(folder, "clone") })).stdout;
  await run("git", ["clone", "--quiet", first.clone, join(folder, "clone")]);
  await vi.waitFor(() => expect(first.started.said.stdout).toContain("evaluate: success"), 60_000);
  const status = ["status", "--repository", `${first.url}/you/shop`, "--token", first.token];
  await vi.waitFor(async () => expect((await runCli(folder, status)).stdout).toContain("waits for /promote"), 30_000);
  const waits =
    /Issue 1 of you\/shop: churn waits for "\/promote churn ([0-9a-f]{12})"\. To comment that:\n  (curl .*)\n/;
  await vi.waitFor(() => expect(first.started.said.stdout).toMatch(waits), 30_000);
  const taken = await runCli(folder, ["sandbox", "up", "--state", join(folder, "state")]);
  expect(taken.stderr).toMatch(/^trainyard: Cannot open the sandbox in ".*": process \d+ has it open: stop that one/);
  expect(taken.code).toBe(2);
  expect(await stop(first)).toEqual({ code: 0, left: [] });

  const second = await up("--state", join(folder, "state"));
  expect([second.url, second.token, second.clone]).toEqual([first.url, first.token, first.clone]);
  const again = await runCli(folder, status);
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("churn: waits for /promote") });
  await git("pull", "--quiet");
  const remote = ["serve", "--repository", `${first.url}/you/shop`, "--token", first.token];
  expect(await runCli(folder, [...remote, "--model", "chrun"])).toEqual({
    code: 2,
    stdout: "",
    stderr: `trainyard: There is no model "chrun" in ${first.url}/you/shop: there is "churn"; did you mean "churn"?\n`,
  });
  const unknown = await runCli(folder, ["status", "--repository", `${first.url}/you/shpo`, "--token", first.token]);
  expect(unknown.stderr).toMatch(
    /^trainyard: Cannot read the repository "you\/shpo": GitHub answered 404 .*; check the spelling of owner and name; if/,
  );
  const [, command = ""] = waits.exec(first.started.said.stdout)?.slice(1) ?? [];
  const serving = startCli(folder, [...remote, "--port", "0", "--poll", "1"]);
  await vi.waitFor(() => expect(serving.said.stdout).toContain("follows"), 30_000);
  expect(serving.said.stdout).toMatch(
    /^There is nothing to serve yet: "churn" has no version at "production", no version at any stage\. Waiting for one\n/,
  );
  await run("sh", ["-c", command]);
  await vi.waitFor(() => expect(serving.said.stdout).toContain("; nothing is served"), 60_000);
  expect(serving.said.stdout).toMatch(
    /Cannot serve "churn" v1\.0\.0: "model\.txt" is no ONNX file \(.*\), and only ONNX is served for now: let/,
  );
  serving.process.kill("SIGTERM");
  expect((await serving.ended).code).toBe(0);
  const staging = startCli(folder, [...remote, "--port", "0", "--stage", "staging"]);
  await vi.waitFor(() => expect(staging.said.stdout).toContain("follows"), 30_000);
  expect(staging.said.stdout).toContain('"churn" has no version at "staging", only v1.0.0 at "production". Waiting');
  staging.process.kill("SIGTERM");
  expect((await staging.ended).code).toBe(0);
  const served = await runCli(folder, [
    "serve",
    "--repository",
    `${first.url}/you/shop`,
    "--port",
    new URL(first.url).port,
    "--token",
    first.token,
  ]);
  expect(served).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("the port is taken") });
  expect(await stop(second)).toEqual({ code: 0, left: [] });
});

it("says how to get a repository where it has none, and keeps none that would be empty", async () => {
  const args = ["sandbox", "up", "--no-app"];
  const bare = startCli(folder, args, { TMPDIR: join(folder, "tmp") });
  await vi.waitFor(() => expect(bare.said.stdout, bare.said.stderr).toContain("Ctrl-C stops it."), 60_000);
  expect(bare.said.stdout).toContain("It has no repository yet: stop it and name a folder to make one from");
  bare.process.kill("SIGINT");
  expect((await bare.ended).code).toBe(0);
  await mkdir(join(folder, "hollow", "data"), { recursive: true });
  const hollow = await runCli(folder, [...args, "hollow"], { TMPDIR: join(folder, "tmp") });
  expect(hollow).toMatchObject({ code: 2, stderr: expect.stringContaining("git would keep no file of it. Put") });
});

it("removes a state that nobody named", async () => {
  const one = await up("--no-app");
  expect(await stop(one)).toEqual({ code: 0, left: [] });
  expect(await readdir(join(folder, "tmp"))).toEqual([]);
});
