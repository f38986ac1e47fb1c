import { setTimeout as wait } from "node:timers/promises";
import { ask, mayHaveHappened } from "./explain-error.ts";
import { at, type GitHub } from "./octokit.ts";

/** `actor`: in whose name runs are started; undefined where nobody says. */
type Place = { workflow: string; branch: string; actor: string | undefined };
type Inputs = Readonly<Record<string, string>>;
type Started = { id: number; title: string; isOver: boolean };

/** A run that was started may be listed a moment later only. */
const waitsMs = [0, 500, 1_500];

/**
 * Starts a workflow by hand, once. One that is under way for the very same thing is answered instead of another one:
 * whoever asked for it may have ended before it was said. Where no answer comes, or an older GitHub's that names no run,
 * looks which one has come of it: one of ours that was not there before.
 */
export async function startOnce(
  github: GitHub,
  place: Place,
  inputs: Inputs,
  start: () => Promise<{ run: number | undefined }>,
): Promise<{ run: number | undefined }> {
  const before = await newestRuns(github, place);
  const title = titleOf(inputs);
  const same = title === undefined ? undefined : before.find((run) => run.title === title && !run.isOver);
  if (same !== undefined) return { run: same.id };
  const findNew = async (): Promise<number | undefined> => {
    for (const waitMs of waitsMs) {
      // oxlint-disable-next-line no-await-in-loop -- patience
      await wait(waitMs);
      // oxlint-disable-next-line no-await-in-loop -- see above
      const [newest] = await newestRuns(github, place);
      if (newest !== undefined && newest.id > (before[0]?.id ?? 0)) return newest.id;
    }
    return undefined;
  };
  try {
    const { run } = await start();
    return { run: run ?? (await findNew()) };
  } catch (error) {
    if (!mayHaveHappened(error)) throw error;
    const run = await findNew();
    return run === undefined ? await start() : { run };
  }
}

/**
 * What `run-name:` of docs/workflow.yml calls a run that is about one exact head or digest. What is about neither looks at
 * whatever is there when it begins, so that a later one is not the same.
 */
function titleOf(inputs: Inputs): string | undefined {
  const { command = "", model = "", pull = "", head = "", digest = "", stage = "", again = "" } = inputs;
  if (head === "" && digest === "") return undefined;
  return normalise(`${command} ${model}${pull} ${head}${digest} ${stage}${again}`);
}

const normalise = (title: string): string => title.trim().replaceAll(/\s+/g, " ");

/** Ours, newest first. */
async function newestRuns(github: GitHub, { workflow, branch, actor }: Place): Promise<readonly Started[]> {
  const act = {
    act: `list the runs of the workflow "${workflow}" in "${github.owner}/${github.repo}"`,
    permission: "actions: read",
  };
  const { data } = await ask(act, async () =>
    github.octokit.request("GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs", {
      ...at(github),
      workflow_id: workflow.slice(workflow.lastIndexOf("/") + 1),
      event: "workflow_dispatch",
      branch,
      per_page: 10,
    }),
  );
  return data.workflow_runs
    .filter((run) => actor === undefined || run.actor?.login === actor)
    .map((run) => ({
      id: Number(run.id),
      title: normalise(run.display_title),
      isOver: run.status === "completed",
    }));
}
