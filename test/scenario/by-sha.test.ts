import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openClone } from "#cli/demo/clone.ts";
import { projectFolder, startSandbox, type Sandbox } from "#cli/sandbox/start-sandbox.ts";
import { jobsOf, runsOf } from "#sandbox/actions/link/run-store.ts";

const scratch = mkdtempSync(join(tmpdir(), "trainyard-by-sha-"));
let box: Sandbox;

beforeAll(async () => {
  box = await startSandbox({ folder: join(scratch, "sandbox"), app: false });
  // the packages of this very lock file, as a runner has them after its first job
  const lock = createHash("sha256").update(readFileSync(join(projectFolder, "package-lock.json")));
  const name = `${lock.digest("hex").slice(0, 16)}-${process.platform}-${process.arch}`;
  const packages = join(scratch, "sandbox", "actions", "tools", "trainyard", name);
  mkdirSync(packages, { recursive: true });
  symlinkSync(join(projectFolder, "node_modules"), join(packages, "node_modules"), "dir");
});
afterAll(async () => {
  await box.stop();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
});

/** Our own files, as they are here, committed or not. */
function copyProject(to: string): void {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: projectFolder,
    encoding: "utf8",
  });
  for (const path of listed.split("\0")) {
    if (!/^(?:actions|app|scripts|\.github|package|action\.yml|tsconfig|\.npmrc)/.test(path)) continue;
    mkdirSync(dirname(join(to, path)), { recursive: true });
    try {
      cpSync(join(projectFolder, path), join(to, path));
    } catch {
      // deleted here, and not committed yet
    }
  }
}

it("a repository that calls the loop by a commit gets that commit's actions, whatever the branch holds since", async () => {
  const ada = box.person("ada");
  await box.createRepository("acme", "loop");
  const project = join(scratch, "project");
  const { token } = box.person("acme");
  const clone = await openClone({
    folder: project,
    url: `${box.url.replace("//", `//acme:${token}@`)}/acme/loop.git`,
    name: "Acme",
    email: "acme@example.com",
    date: () => box.forge.now(),
  });
  copyProject(project);
  const first = await clone.push("main", "As it is");
  const file = join(project, "actions", "plan", "plan-trigger.ts");
  const changed = readFileSync(file, "utf8").replace("say(line)", "say(`From the second commit: ${line}`)");
  writeFileSync(file, changed);
  const second = await clone.push("main", "Say more");
  expect(second).not.toBe(first);

  const repo = await box.createRepository("ada", "shop");
  const shop = await openClone({
    folder: join(scratch, "shop"),
    url: ada.cloneUrl("ada/shop"),
    name: "Ada",
    email: "ada@example.com",
    date: () => box.forge.now(),
  });
  const workflow = readFileSync(join(projectFolder, "docs", "workflow.yml"), "utf8");
  const said: string[] = [];
  for (const ref of [first, "main", first]) {
    mkdirSync(join(scratch, "shop", ".github", "workflows"), { recursive: true });
    const called = workflow.replace(
      /uses: trainyard\/trainyard\/(\S+)@\S+/,
      `uses: acme/loop/$1@${ref} # ${said.length}`,
    );
    writeFileSync(join(scratch, "shop", ".github", "workflows", "trainyard.yml"), called);
    await shop.push("main", `Call the loop of ${ref}`);
    await box.settle();
    const run = runsOf(repo).toSorted((a, b) => b.id - a.id)[0];
    const plan = jobsOf(repo, run?.id ?? 0).find(({ name }) => name.endsWith("plan"));
    expect(plan, JSON.stringify(run)).toMatchObject({ conclusion: "success" });
    if (plan !== undefined) said.push(readFileSync(box.actions.logPath(plan), "utf8"));
  }
  expect(said.map((log) => log.includes("There is no config."))).toEqual([true, true, true]);
  expect(said.map((log) => log.includes("From the second commit: "))).toEqual([false, true, false]);
});
