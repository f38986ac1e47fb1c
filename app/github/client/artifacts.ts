import { ask, askMaybe } from "./explain-error.ts";
import { download, downloading } from "./download.ts";
import { at, type GitHub } from "./octokit.ts";

export type Artifact = { id: number; name: string; expired: boolean };

/** The artifacts of a run, newest first: all of them, or those of one name. A run that is gone has none. */
export async function listArtifacts(github: GitHub, run: number, name?: string): Promise<readonly Artifact[]> {
  const act = {
    act: `list the artifacts of run ${run} in "${github.owner}/${github.repo}"`,
    permission: "actions: read",
  };
  const found = await askMaybe(act, async () =>
    github.octokit.paginate("GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts", {
      ...at(github),
      run_id: run,
      per_page: 100,
      ...(name === undefined ? {} : { name }),
    }),
  );
  return (found ?? [])
    .map((artifact) => ({ id: Number(artifact.id), name: artifact.name, expired: artifact.expired }))
    .toSorted((a, b) => b.id - a.id);
}

/** Downloads an artifact's zip to a file. Throws `not-found` where it has expired. */
export async function downloadArtifact(
  github: GitHub,
  artifact: Artifact,
  to: string,
  maxBytes: number,
): Promise<void> {
  const act = {
    act: `download the artifact "${artifact.name}" of "${github.owner}/${github.repo}"`,
    permission: "actions: read",
  };
  await ask(act, async () =>
    download({ act, to, maxBytes }, async () =>
      github.octokit.request("GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}", {
        ...at(github),
        artifact_id: artifact.id,
        archive_format: "zip",
        request: downloading,
      }),
    ),
  );
}
