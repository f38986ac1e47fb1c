import { listArtifacts } from "./client/artifacts.ts";
import { ask } from "./client/explain-error.ts";
import { at, type GitHub } from "./client/octokit.ts";

/** Lists of what ran and what it left: names and numbers alone, which say nothing of who may be believed. */
export type Runs = {
  /** Names of the artifacts of a run that can still be had, newest first, of all its attempts. */
  artifacts(run: number): Promise<readonly string[]>;
  /** The newest runs that pull requests from branches of this name started, of forks too, newest first; at most 30. */
  ofBranch(branch: string): Promise<readonly number[]>;
};

/** The lists of runs on GitHub's API. */
export function githubRuns(github: GitHub): Runs {
  return {
    async artifacts(run) {
      return (await listArtifacts(github, run)).filter(({ expired }) => !expired).map(({ name }) => name);
    },
    async ofBranch(branch) {
      const act = {
        act: `list the runs of the branch "${branch}" of "${github.owner}/${github.repo}"`,
        permission: "actions: read",
      };
      const { data } = await ask(act, async () =>
        github.octokit.request("GET /repos/{owner}/{repo}/actions/runs", {
          ...at(github),
          branch,
          event: "pull_request",
          per_page: 30,
        }),
      );
      return data.workflow_runs.map(({ id }) => Number(id)).toSorted((a, b) => b - a);
    },
  };
}
