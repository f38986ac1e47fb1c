import { copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Repo } from "#sandbox/forge/contract.ts";
import type { Octokit } from "@octokit/rest";
import { githubPorts } from "#github/github-ports.ts";
import type { Ports } from "#core/ports.ts";
import { serveModel, type ModelServer } from "#serve/serve-model.ts";
import { projectFolder, projectName, startSandbox, type Sandbox } from "#cli/sandbox/start-sandbox.ts";
import { stageSource } from "#cli/serve-source.ts";
import { openClone, type Clone } from "./clone.ts";
import { splitWeeks } from "./split-weeks.ts";

export const owner = "shop";
export const name = "groceries";
export const model = "groceries";

/** The shop of the demo: its repository on a sandbox, its people, its warehouse, and the server of its model. */
export type Shop = {
  sandbox: Sandbox;
  repo: Repo;
  /** reads the repository in a person's name */
  octokit: Octokit;
  ports: Ports;
  clone: Clone;
  example: string;
  serving: ModelServer;
  /** the warehouse has these weeks now */
  weeksPass(from: number, to: number): Promise<void>;
  close(): Promise<void>;
};

/** Opens the shop: an empty repository, everything else ready. */
export async function openShop(options: {
  folder: string;
  onJob: NonNullable<Parameters<typeof startSandbox>[0]["onJob"]>;
  onProblem: (key: string, error: unknown) => void;
}): Promise<Shop> {
  const { folder } = options;
  const sandbox = await startSandbox({
    folder: join(folder, "sandbox"),
    app: true,
    onJob: options.onJob,
    onProblem: options.onProblem,
  });
  const repo = await sandbox.createRepository(owner, name, { ada: "write", ben: "write" });
  const ada = sandbox.person("ada");
  const clone = await openClone({
    folder: join(folder, "clone"),
    url: ada.cloneUrl(`${owner}/${name}`),
    name: "Ada",
    email: "ada@example.com",
    date: () => sandbox.forge.now(),
  });
  const [all, warehouse] = [join(folder, "weeks"), join(folder, "warehouse")];
  await mkdir(warehouse, { recursive: true });
  await splitWeeks(all, 1, 52);
  const example = join(projectFolder, "examples", "groceries");
  await layOut(example, clone.folder, all, warehouse);
  const ports = githubPorts({ octokit: ada.octokit, owner, repo: name, writer: { kind: "actions" } });
  const serving = await serveModel({
    port: 0,
    host: "127.0.0.1",
    pollMs: 500,
    source: stageSource(
      githubPorts({ octokit: sandbox.person("till").octokit, owner, repo: name, writer: { kind: "actions" } }),
      model,
      "production",
    ),
  });
  return {
    sandbox,
    repo,
    octokit: ada.octokit,
    ports,
    clone,
    example,
    serving,
    async weeksPass(from, to) {
      for (let week = from; week <= to; week++) {
        // oxlint-disable-next-line no-await-in-loop -- four small files
        await copyFile(join(all, weekFile(week)), join(warehouse, weekFile(week)));
      }
      await sandbox.pass((to - from + 1) * 7 * 86_400_000);
    },
    async close() {
      await serving.close();
      await sandbox.stop();
    },
  };
}

const weekFile = (week: number): string => `week-${String(week).padStart(2, "0")}.csv`;

/** The example as a repository of its own: weeks 1 to 28, and the path of this machine's warehouse. */
async function layOut(example: string, into: string, weeks: string, warehouse: string): Promise<void> {
  const parts = [".github", ".gitignore", "src", "NOTICE", "README.md", "params.json"];
  for (const part of parts) {
    // oxlint-disable-next-line no-await-in-loop -- a few files
    await cp(join(example, part), join(into, part), { recursive: true });
  }
  await mkdir(join(into, "data", "weeks"), { recursive: true });
  for (let week = 1; week <= 28; week++) {
    // oxlint-disable-next-line no-await-in-loop -- small files
    await copyFile(join(weeks, weekFile(week)), join(into, "data", "weeks", weekFile(week)));
  }
  await writeFile(join(into, "warehouse.json"), `${JSON.stringify({ folder: warehouse })}\n`);
  const workflow = join(into, ".github", "workflows", "trainyard.yml");
  const text = await readFile(workflow, "utf8");
  if (!text.includes(projectName)) throw new Error(`Cannot play the demo: "${workflow}" does not call ${projectName}`);
}
