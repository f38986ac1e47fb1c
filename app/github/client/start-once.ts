import { setTimeout as wait } from "node:timers/promises";
import { ask, mayHaveHappened } from "./explain-error.ts";
import { at, type GitHub } from "./octokit.ts";

/** `actor`: in whose name runs are started; undefined where nobody says. */
type Place = { workflow: string; branch: string; actor: string | undefined };

/** A run that was started may be listed a moment later only. */
const waitsMs = [0, 500, 1_500];

/**
 * Starts a workflow by hand. Where no answer comes, looks whether a run has come of it before starting another one: runs
 * have no key of ours, so it is one of ours that was not there before.
 */
export async function startOnce(
  github: GitHub,
  place: Place,
  start: () => Promise<{ run: number | undefined }>,
): Promise<{ run: number | undefined }> {
  const before = await newestRun(github, place);
  try {
    return await start();
  } catch (error) {
    if (!mayHaveHappened(error)) throw error;
    for (const waitMs of waitsMs) {
      await wait(waitMs);
      const now = await newestRun(github, place);
      if (now !== undefined && now > (before ?? 0)) return { run: now };
    }
    return await start();
  }
}

async function newestRun(github: GitHub, { workflow, branch, actor }: Place): Promise<number | undefined> {
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
  const newest = data.workflow_runs.find((run) => actor === undefined || run.actor?.login === actor);
  return newest === undefined ? undefined : Number(newest.id);
}
