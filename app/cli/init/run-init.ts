import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { configPath } from "#core/config/config.ts";
import { planInit } from "#core/init/plan-init.ts";
import { renderInit, type InitAnswer, type WrittenFile } from "#core/init/render-init.ts";
import { expandWorkflow, fillWorkflow } from "#core/init/write-workflow.ts";
import { parseModelName } from "#core/names.ts";
import { openGit, type Git } from "#git/open-git.ts";
import { ExitError } from "#cli/exit-error.ts";
import { findObstacles, writeTogether } from "./place-files.ts";
import { readClone } from "./read-clone.ts";

export type InitOptions = {
  repository: string;
  model?: string;
  ref: string;
  branch?: string;
  expanded?: boolean;
  force?: boolean;
  dryRun?: boolean;
  json?: boolean;
};

const workflowPath = ".github/workflows/trainyard.yml";

/** Looks at a clone, writes both files or none, prints what was guessed and why. */
export async function runInit(options: InitOptions): Promise<void> {
  refuseOdd(options);
  const git = await openGit(options.repository);
  try {
    if (git.bare) throw new ExitError(2, `Cannot write into "${git.folder}": it is a bare repository, without files`);
    const view = await readClone(git, await nameRepository(git));
    const plan = planInit(view, { model: options.model });
    const branch = options.branch ?? (await findBranch(git));
    const choice = { ref: options.ref, branch };
    const shown = readOwn("docs/workflow.yml");
    const workflow =
      options.expanded === true
        ? expandWorkflow(shown, readOwn(".github/workflows/loop.yml"), choice)
        : fillWorkflow(shown, choice);
    const wanted = [
      { path: configPath, text: plan.config },
      { path: workflowPath, text: workflow },
    ];
    const there = await findObstacles(git.folder, wanted, options.force === true);
    const files: WrittenFile[] = wanted.map((file) => ({ ...file, existed: there.has(file.path) }));
    if (options.dryRun !== true) await writeTogether(git.folder, files);
    const answer: InitAnswer = {
      plan,
      files,
      ...choice,
      current: await git.ask(["symbolic-ref", "--quiet", "--short", "HEAD"]),
      expanded: options.expanded === true,
      dryRun: options.dryRun === true,
    };
    process.stdout.write(options.json === true ? printJson(answer) : renderInit(answer));
  } finally {
    git.close();
  }
}

function refuseOdd({ model, ref, branch }: InitOptions): void {
  if (model !== undefined) {
    try {
      parseModelName(model);
    } catch (error) {
      throw new ExitError(2, error instanceof Error ? error.message : String(error));
    }
  }
  if (!/^[A-Za-z0-9][\w./-]{0,254}$/.test(ref))
    throw new ExitError(2, `Cannot take "${ref}" as --ref: write a commit, a tag or a branch of trainyard/trainyard`);
  // oxlint-disable-next-line no-control-regex -- what no branch can hold
  if (branch !== undefined && (branch === "" || /[\u0000-\u0020\u007f~^:?*[\\]|\.\./.test(branch)))
    throw new ExitError(2, `Cannot take "${branch}" as --branch: no branch can be called so`);
}

/** The branch that pull requests go to, as the remote said; else the one that is checked out. */
async function findBranch(git: Git): Promise<string> {
  const remote = await git.ask(["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]);
  if (remote !== undefined) return remote.replace(/^origin\//, "");
  for (const name of ["main", "master"]) {
    for (const place of ["refs/remotes/origin", "refs/heads"]) {
      // oxlint-disable-next-line no-await-in-loop -- four at most, the first that is there ends it
      const known = await git.ask(["rev-parse", "--verify", "--quiet", `${place}/${name}^{commit}`]);
      if (known !== undefined) return name;
    }
  }
  return (await git.ask(["symbolic-ref", "--quiet", "--short", "HEAD"])) ?? "main";
}

async function nameRepository(git: Git): Promise<string> {
  const url = (await git.ask(["config", "--get", "remote.origin.url"])) ?? "";
  const [, name] = /([^/:\\]+?)(?:\.git)?\/?$/.exec(url.trim()) ?? [];
  return name ?? basename(git.folder);
}

/** A file of this project; beside the source, or two folders above a bundle. */
function readOwn(path: string): string {
  for (const up of ["../../", "../../../"]) {
    try {
      return readFileSync(new URL(`${up}${path}`, import.meta.url), "utf8");
    } catch {
      continue;
    }
  }
  throw new ExitError(2, `Cannot find "${path}" of Trainyard itself: it is not complete here; install it again`);
}

function printJson({ plan, files, ref, branch, expanded, dryRun }: InitAnswer): string {
  const written = files.map((file) => ({ ...file, written: !dryRun }));
  const { model, guesses, open, warnings } = plan;
  const answer = { schema: "trainyard/init/1", model, ref, branch, expanded, files: written, guesses, open, warnings };
  return `${JSON.stringify(answer, null, 2)}\n`;
}
