import type { Octokit } from "@octokit/rest";
import type { Repo } from "#sandbox/forge/contract.ts";
import type { Files } from "./repository-files.ts";

/** Commits files onto a parent by the API and moves the branch there, made if it is missing. Answers the commit. */
export async function commitFiles(
  octokit: Octokit,
  repo: Repo,
  change: { files: Files; branch: string; message: string; parent: string },
): Promise<string> {
  const { git } = octokit.rest;
  const { files, branch, message, parent } = change;
  const where = { owner: repo.record.owner, repo: repo.record.name };
  const tree = await git.createTree({
    ...where,
    base_tree: parent,
    tree: Object.entries(files).map(([path, content]) => ({
      path,
      mode: "100644",
      ...(content === null ? { sha: null } : { content }),
    })),
  });
  const { data } = await git.createCommit({ ...where, tree: tree.data.sha, parents: [parent], message });
  const known = (await repo.git.branch(branch)) !== undefined;
  if (known) await git.updateRef({ ...where, ref: `heads/${branch}`, sha: data.sha, force: true });
  else await git.createRef({ ...where, ref: `refs/heads/${branch}`, sha: data.sha });
  return data.sha;
}
