import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Clone } from "#cli/demo/clone.ts";
import type { Sandbox } from "#cli/sandbox/start-sandbox.ts";
import type { JsonObject, Repo } from "#sandbox/forge/contract.ts";
import { commitFiles } from "./commit-files.ts";
import { here, owner, type Files } from "./repository-files.ts";

export type Method = "merge" | "squash" | "rebase";

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
  /** GitHub sends every webhook that it has ever sent here once more. */
  redeliver(): Promise<void>;
};

/**
 * Lets people act on a sandbox, in the browser; ada has a clone besides. Files are committed by the API, which starts a
 * tenth of the processes that a push does; what git alone can do is done by git.
 */
export function people(sandbox: Sandbox, repo: Repo, openClone: () => Promise<Clone>): StoryVerbs {
  const { octokit } = sandbox.person(owner);
  const commit = async (files: Files, branch: string, message: string, parent: string): Promise<string> => {
    const sha = await commitFiles(octokit, repo, { files, branch, message, parent });
    await sandbox.settle();
    return sha;
  };
  const verbs: StoryVerbs = {
    settle: async () => await sandbox.settle(),
    async redeliver() {
      const { state, office } = sandbox.forge;
      for (const { hook, guid, event, action, repository, installation, request } of state.deliveries.list()) {
        const to = state.hooks.get(hook);
        const through = installation === null ? null : (state.installations.get(installation) ?? null);
        const payload: JsonObject = JSON.parse(JSON.stringify(request.payload));
        if (to !== undefined) office.post(to, { guid, event, action, repository, redelivery: true }, through, payload);
      }
      await sandbox.settle();
    },
    async change(files, branch, { onto, message } = {}) {
      const parent = await repo.git.branch(onto ?? "main");
      if (parent === undefined) throw new Error(`There is no branch "${onto ?? "main"}" to begin "${branch}" on`);
      return await commit(files, branch, message ?? `Work on ${branch}`, parent);
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
      const parent = await repo.git.branch("main");
      if (parent !== undefined) return await commit(files, "main", message, parent);
      // GitHub has no API for the first commit of all
      const clone = await openClone();
      await lay(clone.folder, files);
      const sha = await clone.push("main", message);
      await sandbox.settle();
      return sha;
    },
    async rebase(branch) {
      const clone = await openClone();
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
    if (text !== null) await writeFile(at, text);
  }
}
