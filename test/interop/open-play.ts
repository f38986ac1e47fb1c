import { readFileSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { openClone, startBranch, type Clone } from "#cli/demo/clone.ts";
import type { Person } from "#cli/sandbox/person.ts";
import { startSandbox, type Sandbox } from "#cli/sandbox/start-sandbox.ts";
import { jobsOf, runsOf } from "#sandbox/actions/link/run-store.ts";

export const here = { owner: "ada", repo: "churn" };

/** The Python example as a repository on a GitHub on this machine, with Ada who owns it. */
export type Play = {
  folder: string;
  sandbox: Sandbox;
  ada: Person;
  clone: Clone;
  /** a branch from what main is now, with what `change` does to the clone, as a pull request; answers its number */
  propose(branch: string, title: string, change: () => Promise<void>): Promise<number>;
  merge(pull: number): Promise<void>;
  comment(issue: number, body: string): Promise<void>;
  /** the report on a pull request */
  report(pull: number): Promise<string>;
  /** how the job that decides ended, on the head of a pull request */
  verdict(pull: number): Promise<string>;
  /** the name of every job that ran */
  jobs(): readonly string[];
  /** how every job ended, and the end of the log of those that failed */
  describeJobs(): string;
  close(): Promise<void>;
};

/** Opens the play: main holds the example without anything of Trainyard. Jobs find Python where `bin` says. */
export async function openPlay(example: string, bin: string): Promise<Play> {
  const folder = await mkdtemp(join(tmpdir(), "trainyard-interop-"));
  const sandbox = await startSandbox({ folder: join(folder, "sandbox"), app: false, settings: { runnerPath: [bin] } });
  const repo = await sandbox.createRepository(here.owner, here.repo);
  const ada = sandbox.person(here.owner);
  const clone = await openClone({
    folder: join(folder, "clone"),
    url: ada.cloneUrl(`${here.owner}/${here.repo}`),
    name: "Ada",
    email: "ada@example.com",
    date: () => sandbox.forge.now(),
  });
  const { rest } = ada.octokit;
  const leftOut = new Set([".github", ".venv", "__pycache__", "model.onnx"]);
  await cp(example, clone.folder, { recursive: true, filter: (path) => !leftOut.has(basename(path)) });
  await clone.push("main", "A model in Python");
  await sandbox.settle();
  return {
    folder,
    sandbox,
    ada,
    clone,
    async propose(branch, title, change) {
      await startBranch(clone, branch);
      await change();
      await clone.push(branch, title);
      const { data } = await rest.pulls.create({ ...here, head: branch, base: "main", title });
      await sandbox.settle();
      return data.number;
    },
    async merge(pull) {
      await rest.pulls.merge({ ...here, pull_number: pull });
      await sandbox.settle();
    },
    async comment(issue, body) {
      await rest.issues.createComment({ ...here, issue_number: issue, body });
      await sandbox.settle();
    },
    async report(pull) {
      const { data } = await rest.issues.listComments({ ...here, issue_number: pull });
      const found = data.find(({ user, body }) => user?.type === "Bot" && body?.includes("trainyard:report") === true);
      if (found?.body === undefined) throw new Error(`#${pull} has no report`);
      return found.body;
    },
    async verdict(pull) {
      const { data } = await rest.pulls.get({ ...here, pull_number: pull });
      const { data: checks } = await rest.checks.listForRef({ ...here, ref: data.head.sha, per_page: 100 });
      return checks.check_runs.find(({ name }) => /(?:^|\/ )verdict$/.test(name))?.conclusion ?? "none";
    },
    describeJobs: () => describeJobs(sandbox, repo),
    jobs: () => runsOf(repo).flatMap((run) => jobsOf(repo, run.id).map(({ name }) => name)),
    async close() {
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function describeJobs(sandbox: Sandbox, repo: Parameters<typeof runsOf>[0]): string {
  return runsOf(repo)
    .toSorted((a, b) => a.id - b.id)
    .flatMap((run) => jobsOf(repo, run.id).map((job) => ({ event: run.event, job })))
    .map(({ event, job }) => {
      const log = job.conclusion === "failure" ? readFileSync(sandbox.actions.logPath(job), "utf8").slice(-2_000) : "";
      return `${event} ${job.name}: ${job.conclusion ?? job.status}\n${log}`;
    })
    .join("");
}
