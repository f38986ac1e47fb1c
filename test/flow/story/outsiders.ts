import type { Sandbox } from "#cli/sandbox/start-sandbox.ts";
import type { Repo } from "#sandbox/forge/contract.ts";
import { commitFiles } from "./commit-files.ts";
import { here, owner, type Files } from "./repository-files.ts";

/** What people do who may only read, each in a fork of their own. Each call returns once everything that came of it is done. */
export type OutsiderVerbs = {
  /** The fork of a person, made if there is none. */
  fork(login: string): Promise<Repo>;
  /** Commits files on a branch of somebody's fork (made from the story's default branch as it is). */
  changeFork(login: string, files: Files, branch: string): Promise<string>;
  /** `changeFork`, and a pull request of it; answers its number. */
  proposeFrom(login: string, files: Files, branch: string): Promise<number>;
  /** Presses "Approve and run" for everything that waits; answers how many runs that were. */
  approveRuns(login?: string): Promise<number>;
};

/** Lets people act on a repository from outside of it. */
export function outsiders(sandbox: Sandbox, repo: Repo): OutsiderVerbs {
  const verbs: OutsiderVerbs = {
    async fork(login) {
      const { data } = await sandbox.person(login).octokit.rest.repos.createFork(here);
      const fork = sandbox.forge.repoById(data.id);
      if (fork === undefined) throw new Error(`"${login}" has no fork of "${repo.fullName}"`);
      return fork;
    },
    async changeFork(login, files, branch) {
      const fork = await verbs.fork(login);
      const parent = (await fork.git.branch(branch)) ?? (await repo.git.branch("main"));
      if (parent === undefined) throw new Error(`"${repo.fullName}" is empty`);
      const change = { files, branch, message: `Work on ${branch}`, parent };
      const sha = await commitFiles(sandbox.person(login).octokit, fork, change);
      await sandbox.settle();
      return sha;
    },
    async proposeFrom(login, files, branch) {
      await verbs.changeFork(login, files, branch);
      const { data } = await sandbox.person(login).octokit.rest.pulls.create({
        ...here,
        head: `${login}:${branch}`,
        base: "main",
        title: `Work on ${branch}`,
      });
      await sandbox.settle();
      return data.number;
    },
    async approveRuns(login = owner) {
      const { actions } = sandbox.person(login).octokit.rest;
      const { data } = await actions.listWorkflowRunsForRepo({ ...here, status: "action_required", per_page: 100 });
      // oxlint-disable-next-line no-await-in-loop -- a handful
      for (const run of data.workflow_runs) await actions.approveWorkflowRun({ ...here, run_id: run.id });
      await sandbox.settle();
      return data.workflow_runs.length;
    },
  };
  return verbs;
}
