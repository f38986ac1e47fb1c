import { ExitError } from "#cli/exit-error.ts";
import { localStore } from "#disk/local-store.ts";
import { withTemporaryFolder } from "#disk/temporary-folder.ts";
import { checkMerge, type CheckAnswer } from "#flow/check/check-merge.ts";
import { cloneContents } from "#cli/data/stored/clone-contents.ts";
import { checkMachine } from "./check-machine.ts";
import { openWorkspace, smallestConfig, type Workspace } from "./open-workspace.ts";
import { printAnswer, printJson } from "./print-answer.ts";
import { Progress } from "./progress.ts";
import { whenInterrupted } from "./when-interrupted.ts";

export type CheckOptions = { repository: string; base?: string; json?: boolean; train: boolean };

/** Checks the clone that holds a folder, prints what was found and sets the exit code. */
export async function runCheck(options: CheckOptions): Promise<void> {
  const workspace = await openWorkspace(options.repository, options.base);
  try {
    const answer = await check(workspace, options);
    if (answer.outcome.kind === "no-config")
      throw new ExitError(2, `There is no config to check by in "${options.repository}". ${smallestConfig}`);
    process.stdout.write(options.json === true ? printJson(workspace, answer) : printAnswer(workspace, answer));
    process.exitCode = exitCodeOf(answer);
  } finally {
    await workspace.close();
  }
}

async function check(workspace: Workspace, options: CheckOptions): Promise<CheckAnswer> {
  const progress = new Progress();
  const interrupted = whenInterrupted();
  const store = localStore(workspace.store);
  try {
    return await withTemporaryFolder("check", async (folder) => {
      const { repository, tags, base, head, merged, messages } = workspace;
      const here = checkMachine({
        folder,
        store,
        head,
        readBlob: repository.blob,
        contents: cloneContents(workspace.root, workspace.gitDir, (shown) => progress.step(`Fetching ${shown}`)),
        progress,
        signal: interrupted.signal,
      });
      const answer = await checkMerge({ repository, tags, bytes: store.bytes, evidence: store.evidence }, here, {
        base,
        head,
        merged,
        messages,
        train: options.train,
      });
      if (interrupted.signal.aborted) throw new ExitError(2, "Interrupted: nothing was judged");
      return answer;
    });
  } finally {
    progress.clear();
    interrupted.done();
  }
}

/** 0: green. 1: a verdict that is not. 2: something could not be judged. */
function exitCodeOf({ outcome, models }: CheckAnswer): number {
  if (outcome.kind !== "models") return 2;
  const verdicts = models.map(({ answer }) => (answer.kind === "verdict" ? answer.verdict : undefined));
  if (verdicts.some((verdict) => verdict === undefined || verdict.kind === "error")) return 2;
  return verdicts.every((verdict) => verdict?.green === true) ? 0 : 1;
}
