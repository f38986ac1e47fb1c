import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { parseBlobSha, type BlobSha } from "#core/names.ts";
import { refuseForeign } from "#core/refuse-foreign.ts";
import { ServiceError, type EvidenceStore } from "#core/ports.ts";
import { buildTree, commitTree } from "./client/build-commit.ts";
import { ask, askMaybe, isConflict, mayHaveHappened } from "./client/explain-error.ts";
import { listTree } from "./client/list-tree.ts";
import { at, once, type GitHub } from "./client/octokit.ts";

const attempts = 20;

type Tip = { commit: string; tree: string };

/**
 * The branch `trainyard` on GitHub. `list` is one request and `read` at most one more: what it answers is of the last
 * `list` or `write` of this store. `blob` reads an object of the repository.
 */
export function githubEvidence(
  github: GitHub,
  options: { blob: (sha: BlobSha) => Promise<Uint8Array>; branch?: string; backOffMs?: number },
): EvidenceStore {
  const { octokit } = github;
  const branch = options.branch ?? "trainyard";
  const backOffMs = options.backOffMs ?? 200;
  const act = (what: string, access: string) => ({
    act: `${what} the branch "${branch}" of "${github.owner}/${github.repo}"`,
    permission: `contents: ${access}`,
  });
  let listing: { tree: string | undefined; blobs: ReadonlyMap<string, string> } | undefined;
  const written = new Map<string, string>();
  let queue: Promise<unknown> = Promise.resolve();

  async function refresh(): Promise<ReadonlyMap<string, string>> {
    const found = await askMaybe(act("read", "read"), async () =>
      octokit.request("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", {
        ...at(github),
        tree_sha: branch,
        recursive: "1",
      }),
    );
    const blobs = new Map<string, string>();
    if (found?.data.truncated === true) {
      for (const [path, { blob }] of await listTree(github, found.data.sha)) blobs.set(path, blob);
    } else {
      for (const entry of found?.data.tree ?? []) if (entry.type === "blob") blobs.set(entry.path, entry.sha);
    }
    refuseForeign(branch, blobs.keys());
    // a list may be older than what this store has written
    const missing = [...written].filter(([path]) => !blobs.has(path));
    for (const [path, sha] of missing) blobs.set(path, sha);
    listing = { tree: missing.length === 0 ? found?.data.sha : undefined, blobs };
    return blobs;
  }

  async function tip(): Promise<Tip | undefined> {
    const found = await askMaybe(act("read", "read"), async () =>
      octokit.request("GET /repos/{owner}/{repo}/branches/{branch}", { ...at(github), branch }),
    );
    return found && { commit: found.data.commit.sha, tree: found.data.commit.commit.tree.sha };
  }

  async function move(to: string, from: Tip | undefined): Promise<void> {
    await ask(act("write to", "write"), async () =>
      from === undefined
        ? octokit.request("POST /repos/{owner}/{repo}/git/refs", {
            ...at(github),
            ref: `refs/heads/${branch}`,
            sha: to,
            request: once,
          })
        : octokit.request("PATCH /repos/{owner}/{repo}/git/refs/{ref}", {
            ...at(github),
            ref: `heads/${branch}`,
            sha: to,
            force: false,
            request: once,
          }),
    );
  }

  /** One try on top of whatever is there now; false if somebody was faster or nobody knows. */
  async function tryWrite(files: ReadonlyMap<string, string>, message: string): Promise<boolean> {
    const parent = await tip();
    const known = listing?.tree === parent?.tree ? listing?.blobs : undefined;
    if (known !== undefined && [...files].every(([path, text]) => known.get(path) === blobId(text))) return true;
    const draft = { parent, files, message };
    const tree = await buildTree(github, draft);
    if (tree !== parent?.tree) {
      try {
        await move(await commitTree(github, draft, tree), parent);
      } catch (error) {
        // after a write without an answer the next round finds its files in place, or writes them again
        if (isConflict(error) || mayHaveHappened(error)) return false;
        throw error;
      }
    }
    // what another writer changed since the listing is not in it: then it is not worth keeping
    const before = known ?? (parent === undefined ? new Map<string, string>() : undefined);
    const added = [...files].map(([path, text]): [string, string] => [path, blobId(text)]);
    for (const [path, sha] of added) written.set(path, sha);
    listing = before && { tree, blobs: new Map([...before, ...added]) };
    return true;
  }

  async function writeNow(files: ReadonlyMap<string, string>, message: string): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      if (await tryWrite(files, message)) return;
      await wait(Math.random() * backOffMs * Math.min(attempt, 8));
    }
    throw new ServiceError(
      "conflict",
      `Cannot write to the branch "${branch}": others were faster ${attempts} times; run it again`,
    );
  }

  return {
    list: async () => [...(await refresh()).keys()],
    async read(path) {
      const sha = (listing?.blobs ?? (await refresh())).get(path);
      return sha === undefined ? undefined : Buffer.from(await options.blob(parseBlobSha(sha))).toString("utf8");
    },
    write(files, message) {
      if (files.size === 0) return Promise.resolve();
      const written = queue.then(async () => writeNow(files, message));
      queue = written.catch(() => undefined);
      return written;
    },
  };
}

/** The id that git gives a file of this text. */
function blobId(text: string): string {
  const bytes = Buffer.from(text, "utf8");
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
