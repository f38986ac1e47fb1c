import { join } from "node:path";
import { configPath } from "#core/config/config.ts";
import { mergeTrees } from "#core/identity/merged-tree.ts";
import type { Tree } from "#core/identity/tree.ts";
import { parseCommitSha, type CommitSha } from "#core/names.ts";
import type { Repository, Tags } from "#core/ports.ts";
import { gitRepository } from "#git/git-repository.ts";
import { gitTags } from "#git/git-tags.ts";
import { openGit, type Git } from "#git/open-git.ts";
import { readWorkingTree, type WorkingTree } from "#git/working-tree.ts";
import { ExitError } from "#cli/exit-error.ts";

/** A clone as it lies: what merging it into the base would make, and where this machine keeps what it found out. */
export type Workspace = {
  repository: Repository;
  tags: Tags;
  base: { name: string; commit: CommitSha };
  /** the branch that is checked out; undefined where none is */
  branch: string | undefined;
  head: CommitSha;
  /** there is a commit before `head` */
  hasParent: boolean;
  /** there are uncommitted changes, and they are in `merged` */
  dirty: boolean;
  merged: Tree;
  messages(): Promise<readonly string[]>;
  store: string;
  /** the clone's top, and the folder that git keeps everything in */
  root: string;
  gitDir: string;
  close(): Promise<void>;
};

/** Opens the clone that holds this folder. Throws a sentence where there is no merge to look at. */
export async function openWorkspace(folder: string, wantedBase: string | undefined): Promise<Workspace> {
  const git = await openGit(folder);
  let working: WorkingTree | undefined;
  const close = async (): Promise<void> => {
    git.close();
    await working?.close();
  };
  try {
    working = await readWorkingTree(folder);
    const files = working;
    const repository: Repository = { ...gitRepository(git), blob: async (sha) => await files.blob(sha) };
    const base = await findBase(git, wantedBase);
    const { head } = working;
    const gitDir = (await git.ask(["rev-parse", "--path-format=absolute", "--git-common-dir"])) ?? git.gitDir;
    if (head === undefined)
      throw new ExitError(
        2,
        `Cannot check "${git.folder}": nothing is committed yet on the branch that is checked out; commit first`,
      );
    const merged = await merge(git, repository, base, head, working.tree);
    return {
      repository,
      tags: gitTags(git),
      base,
      branch: (await git.ask(["symbolic-ref", "--quiet", "--short", "HEAD"])) ?? undefined,
      head,
      hasParent: ((await repository.commit(head))?.parents.length ?? 0) > 0,
      dirty: working.dirty,
      merged,
      messages: async () => await readMessages(git, base.commit, head),
      store: join(gitDir, "trainyard"),
      root: git.folder,
      gitDir,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A branch of the remote before one of this clone: that is what a pull request is merged into. */
async function findBase(git: Git, wanted: string | undefined): Promise<Workspace["base"]> {
  if (wanted === undefined) {
    const { name, head } = await gitRepository(git).defaultBranch();
    return { name, commit: head };
  }
  for (const ref of [`refs/remotes/origin/${wanted}`, `refs/heads/${wanted}`, wanted]) {
    // oxlint-disable-next-line no-await-in-loop -- three at most, the first that is there ends it
    const commit = await git.ask(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
    if (commit !== undefined) return { name: wanted, commit: parseCommitSha(commit) };
  }
  const where = `Cannot find the base "${wanted}" in "${git.folder}"`;
  // HEAD~1 of a first commit
  if (/^(?:HEAD|@)[~^]/.test(wanted) && (await git.ask(["rev-parse", "--verify", "--quiet", "HEAD~1"])) === undefined)
    throw new ExitError(
      2,
      `${where}: the branch has one commit. Work on a branch from it (git switch -c my-change), and leave --base out`,
    );
  throw new ExitError(2, `${where}: it is neither a branch nor a commit here; fetch it, or name another with --base`);
}

async function merge(
  git: Git,
  repository: Repository,
  base: Workspace["base"],
  head: CommitSha,
  working: Tree,
): Promise<Tree> {
  const ancestor = await repository.mergeBase(base.commit, head);
  if (ancestor === undefined)
    throw new ExitError(
      2,
      `Cannot check "${git.folder}": what is checked out shares no history with "${base.name}"; name another base with --base`,
    );
  if (ancestor === base.commit) return working;
  const [baseTree, ancestorTree] = await Promise.all([repository.tree(base.commit), repository.tree(ancestor)]);
  const merged = mergeTrees(baseTree, ancestorTree, working);
  if (merged.kind === "merged") return merged.tree;
  throw new ExitError(
    2,
    `Cannot tell what merging into "${base.name}" would make: ${merged.because}. Bring the branch up to date first: git merge ${base.commit.slice(0, 12)}`,
  );
}

async function readMessages(git: Git, base: CommitSha, head: CommitSha): Promise<readonly string[]> {
  const { stdout } = await git.run(["log", "--format=%B%x00", "--reverse", "--max-count=250", `${base}..${head}`]);
  return stdout
    .toString("utf8")
    .split("\0")
    .map((message) => message.trim())
    .filter((message) => message !== "");
}

/** What to write where there is nothing to check yet. */
export const smallestConfig = `Write the smallest one as "${configPath}":

version: 1
models:
  churn:
    train: { run: python train.py, model: model.onnx }
    predict: { run: python predict.py }
    evaluate: { holdout: holdout.csv, task: binary, label: churned, score: p }
    gates:
      - { metric: auc, at-least: 0.75 }`;
