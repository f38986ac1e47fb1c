import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCli } from "#test/scenario/cli/run-cli.ts";
import { mustRun, run } from "./run.ts";

const quiet = { DVC_NO_ANALYTICS: "1" };

/** A store, and two clones of one repository: who is called "here" adds, who is called "there" pulls. */
type Clones = { here: string; there: string };

async function openClones(scratch: string, name: string): Promise<Clones> {
  const folder = join(scratch, name);
  const [here, there] = [join(folder, "here"), join(folder, "there")];
  await mkdir(join(here, "data", "img", "sub"), { recursive: true });
  await mustRun("git", ["init", "--quiet", "--initial-branch", "main", here]);
  await writeFile(join(here, "data", "train.csv"), "a,b\r\n1,2\r\n");
  for (const [path, text] of [
    ["a.txt", "x\n"],
    ["b.txt", "x\n"],
    ["empty", ""],
    ["sub/ü 😀.txt", "y\n"],
  ] as const)
    await writeFile(join(here, "data", "img", path), text);
  return { here, there };
}

const dvcIn =
  (bin: string) =>
  async (folder: string, ...args: string[]) =>
    await mustRun(join(bin, "dvc"), args, { cwd: folder, env: quiet });

async function ours(folder: string, ...args: string[]): Promise<string> {
  const said = await runCli(folder, ["data", ...args]);
  assert.equal(said.code, 0, `${said.stdout}${said.stderr}`);
  return said.stdout;
}

async function commit(folder: string): Promise<void> {
  await mustRun("git", ["add", "--all"], { cwd: folder });
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  await mustRun("git", [...who, "commit", "--quiet", "--message", "Data"], { cwd: folder });
}

async function clone({ here, there }: Clones): Promise<void> {
  await rm(there, { recursive: true, force: true });
  await mustRun("git", ["clone", "--quiet", here, there]);
  assert.deepEqual((await readdir(join(there, "data"))).sort(), [".gitignore", "img.dvc", "train.csv.dvc"]);
}

async function expectSame({ here, there }: Clones): Promise<void> {
  const said = await run("diff", ["--recursive", join(here, "data"), join(there, "data")]);
  assert.equal(said.code, 0, said.all);
}

/** What `trainyard data add` stored, DVC pulls, finds clean, and leaves as it is when it writes it again. */
export async function pullByDvc(bin: string, scratch: string): Promise<string> {
  const clones = await openClones(scratch, "ours");
  const { here, there } = clones;
  const dvc = dvcIn(bin);
  // before a store is named: DVC's config has no remote yet
  await ours(here, "add", "data/train.csv");
  await mkdir(join(here, ".github"));
  await writeFile(
    join(here, ".github", "trainyard.yml"),
    `version: 1
data: { store: ../store }
models:
  m:
    train: { run: x, model: m.onnx }
    predict: { run: y }
    evaluate: { holdout: h.csv, task: binary, label: l, score: p }
`,
  );
  await ours(here, "add", "data/img");
  await ours(here, "push");
  assert.match(await dvc(here, "status"), /up to date/);
  assert.match(await dvc(here, "status", "--cloud"), /in sync/);
  await commit(here);
  await clone(clones);
  await dvc(there, "pull");
  await expectSame(clones);
  assert.match(await dvc(there, "status"), /up to date/);
  await dvc(there, "commit", "--force");
  assert.equal(await mustRun("git", ["status", "--short"], { cwd: there }), "");
  assert.equal((await ours(there, "status", "--cloud")).includes("All 2 are as their pointers say"), true);
  return "a file and a folder of 4";
}

/** What DVC added and pushed, `trainyard data pull` brings, and both find it clean; what either changes, the other sees. */
export async function pullByUs(bin: string, scratch: string): Promise<string> {
  const clones = await openClones(scratch, "dvc");
  const { here, there } = clones;
  const dvc = dvcIn(bin);
  await dvc(here, "init", "--quiet");
  await dvc(here, "remote", "add", "--default", "shared", join(here, "..", "store"));
  await dvc(here, "add", "--quiet", "data/train.csv", "data/img");
  await dvc(here, "push");
  await commit(here);
  await clone(clones);
  await ours(there, "pull");
  await expectSame(clones);
  await ours(there, "status", "--cloud");
  assert.match(await dvc(there, "status"), /up to date/);
  await writeFile(join(there, "data", "img", "new.txt"), "z\n");
  assert.equal((await runCli(there, ["data", "status"])).code, 1);
  await ours(there, "add", "data/img");
  assert.match(await dvc(there, "status"), /up to date/);
  assert.match(await dvc(there, "status", "--cloud"), /in sync/);
  await dvc(here, "gc", "--workspace", "--force");
  const pointer = await readFile(join(there, "data", "img.dvc"), "utf8");
  await writeFile(join(here, "data", "img.dvc"), pointer);
  await dvc(here, "pull");
  await expectSame(clones);
  return "a file and a folder of 4, changed by us and pulled by DVC";
}
