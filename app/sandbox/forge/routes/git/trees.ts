import { githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import { kindOfMode, type TreeEntry } from "#sandbox/forge/git/objects.ts";
import { objectId } from "#sandbox/forge/git/ref-name.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { type TreeChange, writeChanges } from "#sandbox/forge/git/change-tree.ts";

type Listed = { path: string; mode: string; type: string; sha: string; size: number | undefined };
/** GitHub cuts a recursive listing beyond this */
const mostEntries = 100_000;

/** A tree's entries, in git's order; what lies in folders follows them. Most trees of a repository are old friends. */
async function list(repo: Repo, tree: string, recursive: boolean, below = ""): Promise<readonly Listed[]> {
  const entries = (await repo.git.tree(tree)) ?? [];
  const listed = await Promise.all(
    entries.map(async ({ name, mode, kind, sha }): Promise<readonly Listed[]> => {
      const path = below + name;
      const size = kind === "blob" ? (await repo.git.head(sha))?.size : undefined;
      const inside = recursive && kind === "tree" ? await list(repo, sha, true, `${path}/`) : [];
      return [{ path, mode, type: kind, sha, size }, ...inside];
    }),
  );
  return listed.flat();
}

/** Schema "git-tree". */
async function presentTree(forge: ForgeInside, repo: Repo, sha: string, recursive: boolean): Promise<JsonObject> {
  const url = `${forge.urls.api}/repos/${repo.fullName}/git`;
  const entries = await list(repo, sha, recursive);
  return {
    sha,
    url: `${url}/trees/${sha}`,
    tree: entries.slice(0, mostEntries).map(({ path, mode, type, sha: id, size }) => ({
      path,
      mode,
      type,
      sha: id,
      ...(size === undefined ? {} : { size }),
      ...(type === "commit" ? {} : { url: `${url}/${type}s/${id}` }),
    })),
    truncated: entries.length > mostEntries,
  };
}

/** The tree of what was named: a tree's own id, a commit, a branch, a tag. */
async function findTree(repo: Repo, name: string): Promise<string> {
  if (objectId.test(name) && (await repo.git.tree(name)) !== undefined) return name;
  const commit = await repo.git.resolve(name);
  const tree = commit === undefined ? undefined : (await repo.git.commit(commit))?.tree;
  if (tree === undefined) throw githubError(404, "Not Found");
  return tree;
}

type Written = { path?: string; mode?: string; type?: string; sha?: string | null; content?: string };

async function readChange(repo: Repo, written: Written): Promise<TreeChange> {
  const { path = "", mode = "100644" } = written;
  if (written.path === undefined || written.mode === undefined)
    throw githubError(422, "tree.path and tree.mode must be supplied");
  if (
    path.split("/").some((part) => part === "" || part === "." || part === ".." || part.toLowerCase() === ".git") ||
    path.includes("\0")
  ) {
    throw githubError(422, "tree.path contains a malformed path component");
  }
  if (written.sha === null) return { path, entry: null };
  if (written.sha !== undefined && written.content !== undefined)
    throw githubError(422, "Must supply either tree.sha or tree.content");
  if (written.content !== undefined) {
    return { path, entry: { mode, sha: await repo.git.writeBlob(Buffer.from(written.content, "utf8")) } };
  }
  const sha = written.sha ?? "";
  const found = mode === "160000" ? undefined : await repo.git.info(sha);
  if (!objectId.test(sha) || (mode !== "160000" && found?.kind !== kindOfMode(mode))) {
    throw githubError(422, `tree.sha ${sha} is not a valid ${kindOfMode(mode)}`);
  }
  return { path, entry: { mode, sha } };
}

/** Trees: listed (whole, on request), and made from changes on top of another. */
export function registerTrees(forge: ForgeInside): void {
  forge.route("GET /repos/{owner}/{repo}/git/trees/{tree_sha...}", {
    permission: { contents: "read" },
    handler: async ({ repo, params, query }) => {
      const sha = await findTree(repo, params["tree_sha"] ?? "");
      // any value switches it on, "false" and "0" too
      return { status: 200, body: await presentTree(forge, repo, sha, query["recursive"] !== undefined) };
    },
  });
  forge.route<{ tree: readonly Written[]; base_tree?: string }>("POST /repos/{owner}/{repo}/git/trees", {
    permission: { contents: "write" },
    handler: async ({ repo, body }) => {
      let base: readonly TreeEntry[] | undefined;
      if (body.base_tree !== undefined) {
        const sha = await findTree(repo, body.base_tree).catch(() => undefined);
        base = sha === undefined ? undefined : await repo.git.tree(sha);
        if (base === undefined) throw githubError(422, "base_tree is not a valid tree oid");
      }
      if (body.tree.length === 0) throw githubError(422, "Invalid tree info");
      const changes = await Promise.all(body.tree.map((written) => readChange(repo, written)));
      const sha = await writeChanges(repo.git, base ?? [], changes);
      const answer = await presentTree(forge, repo, sha, false);
      return { status: 201, body: answer, headers: { location: String(answer["url"]) } };
    },
  });
}
