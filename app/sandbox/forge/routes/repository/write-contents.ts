import { type Answer, type Context, githubError, type Repo } from "#sandbox/forge/contract.ts";
import { mayChangeWorkflows } from "#sandbox/forge/auth/demand-workflows.ts";
import { findEntry, type TreeChange, writeChanges } from "#sandbox/forge/git/change-tree.ts";
import type { TreeEntry } from "#sandbox/forge/git/objects.ts";
import { isRefName } from "#sandbox/forge/git/ref-name.ts";
import { webSignature } from "#sandbox/forge/git/signature.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { presentGitCommit } from "#sandbox/forge/present/commit.ts";
import { demandRules } from "#sandbox/forge/rules/judge-ref.ts";
import { announceRefs } from "#sandbox/forge/pulls/announce-push.ts";
import { readBase64, readSignature, type WrittenSignature } from "#sandbox/forge/routes/git/objects.ts";
import { presentPlace } from "./contents.ts";

type Asked = {
  message: string;
  content?: string;
  sha?: string;
  branch?: string;
  committer?: WrittenSignature;
  author?: WrittenSignature;
};

/** The blob there now must be the one that the caller has seen. */
function demandSha(path: string, entry: TreeEntry | undefined, sha: string | undefined): void {
  if (entry?.kind === "tree") throw githubError(422, `${path} is a directory`);
  if (entry === undefined) {
    if (sha !== undefined) throw githubError(409, `${path} does not match ${sha}`);
    return;
  }
  if (sha === undefined) throw githubError(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
  if (sha !== entry.sha) throw githubError(409, `${path} does not match ${sha}`);
}

function demandPath(written: string | undefined): string {
  const path = written ?? "";
  const bad = path
    .split("/")
    .some((part) => part === "" || part === "." || part === ".." || part.toLowerCase() === ".git");
  if (bad || path.includes("\0")) throw githubError(422, "path contains a malformed path component");
  return path;
}

async function commitChange(
  forge: ForgeInside,
  ctx: Context<Asked>,
  path: string,
  change: (old: TreeEntry | undefined) => Promise<TreeChange>,
): Promise<{ repo: Repo; branch: string; sha: string; old: TreeEntry | undefined; entry: TreeChange["entry"] }> {
  const { repo, body } = ctx;
  const { git } = repo;
  const branch = body.branch ?? repo.record.default_branch;
  const name = `refs/heads/${branch}`;
  if (path.startsWith(".github/workflows/") && !mayChangeWorkflows(ctx.actor)) {
    throw githubError(403, "Resource not accessible by integration");
  }
  return git.exclusively(async () => {
    const tip = await git.branch(branch);
    const fresh = tip === undefined && branch === repo.record.default_branch && isRefName(name);
    if (tip === undefined && !fresh) throw githubError(404, `Branch ${branch} not found`);
    const commit = tip === undefined ? undefined : await git.commit(tip);
    const old = commit === undefined ? undefined : await findEntry(git, commit.tree, path);
    const wanted = await change(old);
    const base = commit === undefined ? [] : ((await git.tree(commit.tree)) ?? []);
    const tree = await writeChanges(git, base, [wanted]);
    const now = forge.now();
    const author = readSignature(body.author ?? body.committer, ctx.actor.account, now);
    const committer =
      body.committer === undefined ? webSignature(now) : readSignature(body.committer, ctx.actor.account, now);
    const parents = tip === undefined ? [] : [tip];
    const sha = await git.writeCommit({ tree, parents, author, committer, message: body.message });
    const moved = { name, before: tip ?? null, after: sha };
    await demandRules(repo, moved, ctx.actor, 409);
    await git.moveRefs([moved]);
    await announceRefs(forge, repo, [moved], ctx.actor);
    return { repo, branch, sha, old, entry: wanted.entry };
  });
}

async function present(
  forge: ForgeInside,
  done: Awaited<ReturnType<typeof commitChange>>,
  path: string,
  size: number,
): Promise<Answer> {
  const { repo, branch, sha, old, entry } = done;
  const commit = await repo.git.commit(sha);
  if (commit === undefined) throw new Error(`Commit ${sha} was written and is not there`);
  const written: TreeEntry | undefined = entry === null ? undefined : { name: path, kind: "blob", ...entry };
  const content = written === undefined ? null : { ...presentPlace(forge, repo, branch, path, written), size };
  return {
    status: old === undefined ? 201 : 200,
    body: { content, commit: presentGitCommit(forge, repo, commit) },
  };
}

/** One file written or deleted in one commit. */
export function registerWriteContents(forge: ForgeInside): void {
  forge.route<Asked>("PUT /repos/{owner}/{repo}/contents/{path...}", {
    permission: { contents: "write" },
    handler: async (ctx) => {
      const path = demandPath(ctx.params["path"]);
      const bytes = readBase64(ctx.body.content ?? "");
      const done = await commitChange(forge, ctx, path, async (old) => {
        demandSha(path, old, ctx.body.sha);
        return { path, entry: { mode: old?.mode ?? "100644", sha: await ctx.repo.git.writeBlob(bytes) } };
      });
      return present(forge, done, path, bytes.length);
    },
  });
  forge.route<Asked>("DELETE /repos/{owner}/{repo}/contents/{path...}", {
    permission: { contents: "write" },
    handler: async (ctx) => {
      const path = demandPath(ctx.params["path"]);
      const done = await commitChange(forge, ctx, path, async (old) => {
        if (old === undefined) throw githubError(404, "Not Found");
        demandSha(path, old, ctx.body.sha);
        return { path, entry: null };
      });
      return present(forge, done, path, 0);
    },
  });
}
