import { parseCommitSha } from "#core/names.ts";
import { ServiceError, type Branches } from "#core/ports.ts";
import { buildCommit } from "./client/build-commit.ts";
import { ask, askMaybe, mayHaveHappened } from "./client/explain-error.ts";
import { at, once, type GitHub } from "./client/octokit.ts";

/** The Branches port on GitHub's API. */
export function githubBranches(github: GitHub): Branches {
  const { octokit } = github;
  const act = (what: string, access: string) => ({
    act: `${what} in "${github.owner}/${github.repo}"`,
    permission: `contents: ${access}`,
  });

  async function head(branch: string): Promise<string | undefined> {
    const found = await askMaybe(act(`read the branch "${branch}"`, "read"), async () =>
      octokit.request("GET /repos/{owner}/{repo}/git/ref/{ref}", { ...at(github), ref: `heads/${branch}` }),
    );
    return found?.data.object.sha;
  }

  async function point(branch: string, sha: string, from: string | undefined, force = true): Promise<void> {
    await ask(act(`move the branch "${branch}"`, "write"), async () =>
      from === undefined
        ? octokit.request("POST /repos/{owner}/{repo}/git/refs", {
            ...at(github),
            ref: `refs/heads/${branch}`,
            sha,
            request: once,
          })
        : octokit.request("PATCH /repos/{owner}/{repo}/git/refs/{ref}", {
            ...at(github),
            ref: `heads/${branch}`,
            sha,
            force,
          }),
    );
  }

  return {
    async head(branch) {
      const found = await head(branch);
      return found === undefined ? undefined : parseCommitSha(found);
    },
    async commit({ branch, parent, files, message, expected }) {
      const { data } = await ask(act(`read commit "${parent}"`, "read"), async () =>
        octokit.request("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", { ...at(github), commit_sha: parent }),
      );
      const from = await head(branch);
      if (expected !== undefined && from !== expected)
        throw new ServiceError(
          "conflict",
          `Cannot move the branch "${branch}" in "${github.owner}/${github.repo}": somebody has moved it meanwhile`,
        );
      const { commit } = await buildCommit(github, { parent: { commit: parent, tree: data.tree.sha }, files, message });
      try {
        // on top of what is there nothing may be lost that comes in between
        await point(branch, commit, from, from !== parent);
      } catch (error) {
        if (!mayHaveHappened(error)) throw error;
        const there = await head(branch);
        if (there !== commit) await point(branch, commit, there, from !== parent);
      }
      return parseCommitSha(commit);
    },
  };
}
