import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ports } from "#core/ports.ts";
import { openClone, type Clone } from "#cli/demo/clone.ts";
import { startSandbox, type Sandbox } from "#cli/sandbox/start-sandbox.ts";
import { githubPorts } from "#github/github-ports.ts";
import type { Repo } from "#sandbox/forge/contract.ts";
import { compileCache } from "./compile-cache.ts";
import { maintainers, type MaintainerVerbs } from "./maintainers.ts";
import { outsiders, type OutsiderVerbs } from "./outsiders.ts";
import { people, type StoryVerbs } from "./people.ts";
import { name, owner, repositoryFiles, type Files, type Models, type Shape } from "./repository-files.ts";
import { readStory, type StoryReaders } from "./read-story.ts";
import { copyStart, type Start } from "./start.ts";

export type StoryOptions = {
  writer: "app" | "actions";
  /** one model "churn" by default */
  models?: Models;
  /** `one` by default, which costs a third: what a flow decides is the same in both, and `shells/` holds them against each other */
  jobs?: Shape;
  /** what the default branch holds before it begins (default: nothing but a README) */
  start?: Start;
};

export type Story = StoryVerbs &
  OutsiderVerbs &
  MaintainerVerbs &
  StoryReaders & {
    sandbox: Sandbox;
    repo: Repo;
    /** the repository as ada reads it, in the words of the flows */
    ports: Ports;
    /** all files that the repository of this story begins with */
    files: Files;
    [Symbol.asyncDispose](): Promise<void>;
  };

/**
 * A repository on a GitHub on this machine, with people: ada owns it, ben may write, cyd may read. Use it with `await
 * using`: everything is stopped and removed at the end of the block, and what went wrong behind the scenes is thrown.
 */
export async function openStory(options: StoryOptions): Promise<Story> {
  const folder = await mkdtemp(join(tmpdir(), "trainyard-story-"));
  const remove = async (): Promise<void> => await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    return await openIn(folder, options, remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

async function openIn(folder: string, options: StoryOptions, remove: () => Promise<void>): Promise<Story> {
  const { writer, models = { churn: {} }, jobs = "one", start = "empty" } = options;
  if (start !== "empty") await copyStart({ writer, models, jobs, start }, join(folder, "sandbox"), openStory);
  const problems: string[] = [];
  const sandbox = await startSandbox({
    folder: join(folder, "sandbox"),
    app: writer === "app",
    settings: { runnerEnv: compileCache() },
    onProblem: (key, error) =>
      problems.push(`${key}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
  for (const login of [owner, "ben", "cyd"]) sandbox.person(login);
  const ada = sandbox.person(owner);
  const known = sandbox.forge.repo(owner, name);
  const repo = known ?? (await sandbox.createRepository(owner, name, { ben: "write", cyd: "read" }));
  let clone: Promise<Clone> | undefined;
  const openAdasClone = (): Promise<Clone> =>
    (clone ??= openClone({
      folder: join(folder, "clone"),
      url: ada.cloneUrl(`${owner}/${name}`),
      name: "Ada",
      email: "ada@example.com",
      date: () => sandbox.forge.now(),
    }));
  const ports = githubPorts({ octokit: ada.octokit, owner, repo: name, writer: { kind: "actions" } });
  const story: Story = {
    ...people(sandbox, repo, openAdasClone),
    ...outsiders(sandbox, repo),
    ...maintainers(sandbox, repo),
    ...readStory({ sandbox, repo, octokit: ada.octokit, ports, writer, problems }),
    sandbox,
    repo,
    ports,
    files: repositoryFiles(writer, models, jobs),
    async [Symbol.asyncDispose]() {
      const left = story.takeProblems();
      await sandbox.stop();
      await remove();
      if (left.length > 0) throw new Error(`Behind the scenes: ${left.join("\n")}`);
    },
  };
  if (known === undefined) await story.push({ "README.md": "# A shop\n" }, "Start");
  return story;
}
