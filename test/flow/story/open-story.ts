import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Ports } from "#core/ports.ts";
import { openClone, startBranch, type Clone } from "#cli/demo/clone.ts";
import { startSandbox, type Sandbox } from "#cli/sandbox/start-sandbox.ts";
import { githubPorts } from "#github/github-ports.ts";
import type { Repo } from "#sandbox/forge/contract.ts";
import { repositoryFiles, type Files, type Models } from "./repository-files.ts";
import { readStory, type StoryReaders } from "./read-story.ts";

export const owner = "ada";
export const name = "shop";
export const here = { owner, repo: name };

export type Method = "merge" | "squash" | "rebase";
export type StoryOptions = {
  writer: "app" | "actions";
  /** one model "churn" by default */
  models?: Models;
  /** what the default branch holds before the story begins (default: nothing but a README, and the models are `files`) */
  start?: "empty" | "pushed" | "production";
};

/** What the people of a story do. Each call returns once everything that came of it is done. */
export type StoryVerbs = {
  /** Commits files on a branch (made from the default branch, unless `onto` names another) and pushes it. */
  change(files: Files, branch: string, options?: { onto?: string; message?: string }): Promise<string>;
  /** Opens a pull request of the branch; answers its number. */
  open(branch: string, title?: string): Promise<number>;
  /** `change` and `open` in one. */
  propose(files: Files, branch: string): Promise<number>;
  merge(pull: number, method?: Method): Promise<void>;
  /** Commits files on the default branch itself. */
  push(files: Files, message?: string): Promise<string>;
  /** Puts a branch onto what the default branch is now. */
  rebase(branch: string): Promise<string>;
  /** Presses "Revert" on a merged pull request; answers the number of the new one. */
  revert(pull: number): Promise<number>;
  comment(issue: number, body: string, login?: string): Promise<number>;
  close(pull: number): Promise<void>;
  settle(): Promise<void>;
};

export type Story = StoryVerbs &
  StoryReaders & {
    sandbox: Sandbox;
    repo: Repo;
    clone: Clone;
    /** the repository as ada reads it, in the words of the flows */
    ports: Ports;
    /** all files that the repository of this story begins with */
    files: Files;
    [Symbol.asyncDispose](): Promise<void>;
  };

/**
 * A repository on a GitHub on this machine, with people: ada owns it, ben may write, cyd may read. Use it with `await
 * using`: everything is stopped and removed at the end of the block.
 */
export async function openStory(options: StoryOptions): Promise<Story> {
  const folder = await mkdtemp(join(tmpdir(), "trainyard-story-"));
  const problems: string[] = [];
  const sandbox = await startSandbox({
    folder: join(folder, "sandbox"),
    app: options.writer === "app",
    onProblem: (key, error) =>
      problems.push(`${key}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
  const repo = await sandbox.createRepository(owner, name, { ben: "write", cyd: "read" });
  const ada = sandbox.person(owner);
  for (const login of ["ben", "cyd"]) sandbox.person(login);
  const clone = await openClone({
    folder: join(folder, "clone"),
    url: ada.cloneUrl(`${owner}/${name}`),
    name: "Ada",
    email: "ada@example.com",
    date: () => sandbox.forge.now(),
  });
  const ports = githubPorts({ octokit: ada.octokit, owner, repo: name, writer: { kind: "actions" } });
  const files = repositoryFiles(options.writer, options.models ?? { churn: {} });
  const story: Story = {
    ...people(sandbox, repo, clone),
    ...readStory({ sandbox, repo, octokit: ada.octokit, ports, problems }),
    sandbox,
    repo,
    clone,
    ports,
    files,
    async [Symbol.asyncDispose]() {
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  await story.push(
    options.start === "pushed" || options.start === "production" ? files : { "README.md": "# A shop\n" },
    "Start",
  );
  if (options.start === "production") {
    for (const issue of await story.waiting()) await story.comment(issue.number, "/promote -- a start");
  }
  return story;
}

function people(sandbox: Sandbox, repo: Repo, clone: Clone): StoryVerbs {
  const { octokit } = sandbox.person(owner);
  const commit = async (files: Files, branch: string, message: string): Promise<string> => {
    await lay(clone.folder, files);
    const sha = await clone.push(branch, message);
    await sandbox.settle();
    return sha;
  };
  const verbs: StoryVerbs = {
    settle: async () => await sandbox.settle(),
    async change(files, branch, { onto, message } = {}) {
      if (onto === undefined) await startBranch(clone, branch);
      else {
        await clone.git("fetch", "--quiet", "origin");
        await clone.git("checkout", "--quiet", "-B", branch, `origin/${onto}`);
      }
      return await commit(files, branch, message ?? `Work on ${branch}`);
    },
    async open(branch, title = `Work on ${branch}`) {
      const { data } = await octokit.rest.pulls.create({ ...here, head: branch, base: "main", title });
      await sandbox.settle();
      return data.number;
    },
    async propose(files, branch) {
      await verbs.change(files, branch);
      return await verbs.open(branch);
    },
    async merge(pull, method = "merge") {
      await octokit.rest.pulls.merge({ ...here, pull_number: pull, merge_method: method });
      await sandbox.settle();
    },
    async push(files, message = "Work on main") {
      if (repo.record.pushed_at !== null && (await repo.git.branch("main")) !== undefined)
        await startBranch(clone, "main");
      return await commit(files, "main", message);
    },
    async rebase(branch) {
      await clone.git("fetch", "--quiet", "origin");
      await clone.git("checkout", "--quiet", "-B", branch, `origin/${branch}`);
      await clone.git("rebase", "--quiet", "origin/main");
      await clone.git("push", "--quiet", "--force", "origin", `HEAD:refs/heads/${branch}`);
      await sandbox.settle();
      return await clone.git("rev-parse", "HEAD");
    },
    async revert(pull) {
      const number = await sandbox.forge.revertPull(repo, pull, owner);
      await sandbox.settle();
      return number;
    },
    async comment(issue, body, login = owner) {
      const { data } = await sandbox
        .person(login)
        .octokit.rest.issues.createComment({ ...here, issue_number: issue, body });
      await sandbox.settle();
      return data.id;
    },
    async close(pull) {
      await octokit.rest.pulls.update({ ...here, pull_number: pull, state: "closed" });
      await sandbox.settle();
    },
  };
  return verbs;
}

async function lay(folder: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const at = join(folder, path);
    // oxlint-disable-next-line no-await-in-loop -- a few small files
    await mkdir(dirname(at), { recursive: true });
    // oxlint-disable-next-line no-await-in-loop -- see above
    if (text === null) await rm(at, { recursive: true });
    // oxlint-disable-next-line no-await-in-loop -- see above
    else await writeFile(at, text);
  }
}
