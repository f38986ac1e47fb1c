import { createHash } from "node:crypto";
import { parseCommitSha, parseTreeSha } from "#core/names.ts";
import { ServiceError, type Commit, type Repository } from "#core/ports.ts";
import { ask, askMaybe, missingRepository } from "./client/explain-error.ts";
import { listTree } from "./client/list-tree.ts";
import { createMemory, type ObjectMemory } from "./client/object-memory.ts";
import { at, type GitHub } from "./client/octokit.ts";

const permission = "contents: read";

/**
 * The Repository port on GitHub's API. Objects are asked for once; only the head of the default branch is read anew.
 * `defaultBranch` may be given where a webhook has already named it.
 */
export function githubRepository(
  github: GitHub,
  options: { defaultBranch?: string | undefined; memory?: ObjectMemory | undefined } = {},
): Repository {
  const { octokit } = github;
  const where = `in "${github.owner}/${github.repo}"`;
  let name = options.defaultBranch;
  const { commits, trees, blobs, bases } = options.memory ?? createMemory();
  const key = (id: string): string => `${github.owner}/${github.repo} ${id}`;

  async function readName(): Promise<string> {
    const act = `read the repository "${github.owner}/${github.repo}"`;
    const { data } = await ask({ act, permission: "metadata: read", missing: missingRepository }, async () =>
      octokit.request("GET /repos/{owner}/{repo}", at(github)),
    );
    return data.default_branch;
  }

  async function readCommit(sha: string): Promise<Commit | undefined> {
    const found = await askMaybe({ act: `read commit "${sha}" ${where}`, permission }, async () =>
      octokit.request("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", { ...at(github), commit_sha: sha }),
    );
    if (found === undefined) return undefined;
    const { data } = found;
    return {
      sha: parseCommitSha(data.sha),
      tree: parseTreeSha(data.tree.sha),
      parents: data.parents.map((parent) => parseCommitSha(parent.sha)),
      message: data.message.replace(/\n+$/, ""),
    };
  }

  async function readBlob(sha: string): Promise<Uint8Array> {
    const act = { act: `read blob "${sha}" ${where}`, permission };
    const { data } = await ask(act, async () =>
      octokit.request("GET /repos/{owner}/{repo}/git/blobs/{file_sha}", { ...at(github), file_sha: sha }),
    );
    const bytes = Buffer.from(data.content, data.encoding === "base64" ? "base64" : "utf8");
    const id = createHash(sha.length === 40 ? "sha1" : "sha256")
      .update(`blob ${bytes.length}\0`)
      .update(bytes)
      .digest("hex");
    if (id === sha) return bytes;
    throw new ServiceError(
      "broken",
      `Cannot read blob "${sha}" ${where}: GitHub sent other bytes, of the blob "${id}"`,
    );
  }

  async function readMergeBase(a: string, b: string): Promise<string | undefined> {
    // files come with the first page only, and nobody here wants them
    const compared = await askMaybe({ act: `compare "${a}" with "${b}" ${where}`, permission }, async () =>
      octokit.request("GET /repos/{owner}/{repo}/compare/{basehead}", {
        ...at(github),
        basehead: `${a}...${b}`,
        per_page: 1,
        page: 2,
      }),
    );
    return compared?.data.merge_base_commit.sha;
  }

  return {
    async hasQueue(branch) {
      try {
        const { data } = await octokit.request("GET /repos/{owner}/{repo}/rules/branches/{branch}", {
          ...at(github),
          branch,
          per_page: 100,
        });
        return data.some(({ type }) => type === "merge_queue");
      } catch {
        return false;
      }
    },
    async defaultBranch() {
      const branch = name ?? (await readName());
      name = branch;
      const { data } = await ask({ act: `read the branch "${branch}" ${where}`, permission }, async () =>
        octokit.request("GET /repos/{owner}/{repo}/git/ref/{ref}", { ...at(github), ref: `heads/${branch}` }),
      );
      return { name: branch, head: parseCommitSha(data.object.sha) };
    },
    // a commit that is not there may be pushed later: only what was found is kept
    commit: async (sha) =>
      commits
        .get(
          key(sha),
          async () => present(await readCommit(sha)),
          () => 1,
        )
        .catch(absentAsUndefined),
    tree: async (sha) =>
      trees.get(
        key(sha),
        async () => listTree(github, sha),
        (tree) => tree.size + 1,
      ),
    blob: async (sha) =>
      blobs.get(
        key(sha),
        async () => readBlob(sha),
        (bytes) => bytes.length + 100,
      ),
    async mergeBase(a, b) {
      if (a === b) return a;
      const base = await bases
        .get(
          key(`${a}...${b}`),
          async () => present(await readMergeBase(a, b)),
          () => 1,
        )
        .catch(absentAsUndefined);
      return base === undefined ? undefined : parseCommitSha(base);
    },
  };
}

const absent = Symbol("absent");

function present<T>(value: T | undefined): T {
  if (value === undefined) throw absentError();
  return value;
}

function absentError(): Error {
  return new Error("absent", { cause: absent });
}

function absentAsUndefined(error: unknown): undefined {
  if (error instanceof Error && error.cause === absent) return undefined;
  throw error;
}
