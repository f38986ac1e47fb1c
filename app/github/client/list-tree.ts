import { canonicalMode } from "#core/identity/canonical-mode.ts";
import type { Tree, TreeEntry } from "#core/identity/tree.ts";
import { parseBlobSha } from "#core/names.ts";
import { ServiceError } from "#core/ports.ts";
import { ask } from "./explain-error.ts";
import { at, type GitHub } from "./octokit.ts";

/** Beyond so many folders the answer would cost more of the rate limit than any caller can mean. */
const maxRequests = 500;

/** Every file below a commit or tree: one request, or one a folder where GitHub cuts the list short. */
export async function listTree(github: GitHub, sha: string): Promise<Tree> {
  const files = new Map<string, TreeEntry>();
  let requests = 0;

  async function list(id: string, recursive: boolean) {
    requests += 1;
    if (requests > maxRequests) {
      throw new ServiceError(
        "refused",
        `Cannot list the files of "${sha}" whole: it has too many folders for GitHub's API; read it from a clone`,
      );
    }
    const act = { act: `list the files of "${id}" in "${github.owner}/${github.repo}"`, permission: "contents: read" };
    const { data } = await ask(act, async () =>
      github.octokit.request("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", {
        ...at(github),
        tree_sha: id,
        ...(recursive ? { recursive: "1" } : {}),
      }),
    );
    return data;
  }

  async function walk(id: string, prefix: string): Promise<void> {
    const whole = await list(id, true);
    if (!whole.truncated) return keep(whole.tree, prefix);
    const flat = await list(id, false);
    if (flat.truncated) {
      throw new ServiceError(
        "refused",
        `Cannot list the folder "${prefix}" of "${sha}" whole: it has too many entries for GitHub's API; read it from a clone`,
      );
    }
    keep(flat.tree, prefix);
    for (const entry of flat.tree) {
      if (entry.type === "tree") await walk(entry.sha, `${prefix}${entry.path}/`);
    }
  }

  function keep(entries: readonly { path: string; mode: string; type: string; sha: string }[], prefix: string): void {
    for (const entry of entries) {
      if (entry.type === "tree") continue;
      const path = `${prefix}${entry.path}`;
      files.set(path, { path, mode: canonicalMode(entry.mode), blob: parseBlobSha(entry.sha) });
    }
  }

  await walk(sha, "");
  return files;
}
