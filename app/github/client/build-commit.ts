import { isRepositoryPath } from "#core/identity/repository-path.ts";
import { ServiceError } from "#core/ports.ts";
import { ask } from "./explain-error.ts";
import { at, type GitHub } from "./octokit.ts";

export type CommitDraft = {
  parent: { commit: string; tree: string } | undefined;
  files: ReadonlyMap<string, string | Uint8Array>;
  message: string;
};

/** Larger texts and all other bytes travel as blobs of their own. */
const maxInlineBytes = 1_000_000;

/** A commit with these files added or replaced on top of its parent. Moves no ref. */
export async function buildCommit(github: GitHub, draft: CommitDraft): Promise<{ commit: string; tree: string }> {
  const tree = await buildTree(github, draft);
  return { commit: await commitTree(github, draft, tree), tree };
}

/** The tree of such a commit: one request where all files are short texts. */
export async function buildTree(github: GitHub, { parent, files }: CommitDraft): Promise<string> {
  const entries: TreeItem[] = [];
  for (const [path, content] of files) {
    refuseOddPath(path);
    entries.push({ path, mode: "100644", type: "blob", ...(await place(github, content)) });
  }
  const { data } = await ask(writing(github, "write a tree"), async () =>
    github.octokit.request("POST /repos/{owner}/{repo}/git/trees", {
      ...at(github),
      tree: entries,
      ...(parent === undefined ? {} : { base_tree: parent.tree }),
    }),
  );
  return data.sha;
}

export async function commitTree(github: GitHub, { parent, message }: CommitDraft, tree: string): Promise<string> {
  const { data } = await ask(writing(github, "write a commit"), async () =>
    github.octokit.request("POST /repos/{owner}/{repo}/git/commits", {
      ...at(github),
      message,
      tree,
      parents: parent === undefined ? [] : [parent.commit],
    }),
  );
  return data.sha;
}

type TreeItem = { path: string; mode: "100644"; type: "blob" } & ({ content: string } | { sha: string });

async function place(github: GitHub, content: string | Uint8Array): Promise<{ content: string } | { sha: string }> {
  const bytes = Buffer.from(content);
  const text = asText(bytes);
  if (text !== undefined && bytes.length <= maxInlineBytes) return { content: text };
  const { data } = await ask(writing(github, "write a file"), async () =>
    github.octokit.request("POST /repos/{owner}/{repo}/git/blobs", {
      ...at(github),
      content: bytes.toString("base64"),
      encoding: "base64",
    }),
  );
  return { sha: data.sha };
}

function asText(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

/** attacker-controlled: paths may come from names in a config. */
function refuseOddPath(path: string): void {
  if (!isRepositoryPath(path)) {
    throw new ServiceError("refused", `Cannot commit a file at "${path}": it is no path inside a repository`);
  }
}

function writing(github: GitHub, what: string) {
  return { act: `${what} in "${github.owner}/${github.repo}"`, permission: "contents: write" };
}
