import { type Answer, type Context, githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import { diffFiles, diffText } from "#sandbox/forge/git/diff.ts";
import type { CommitObject } from "#sandbox/forge/git/objects.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { paginate, readPage } from "#sandbox/forge/paginate.ts";
import { presentCommit, presentFile } from "#sandbox/forge/present/commit.ts";
import { presentPullBriefly, pullCommits } from "#sandbox/forge/present/pull.ts";
import { networkOf } from "#sandbox/forge/forks/network.ts";
import { listPulls, type Pull } from "#sandbox/forge/pulls/pull.ts";

const mostFiles = 300;

/** Throws 422 for a name that is none, as GitHub does. */
export async function mustResolve(repo: Repo, ref: string): Promise<CommitObject> {
  const sha = await repo.git.resolve(ref);
  const commit = sha === undefined ? undefined : await repo.git.commit(sha);
  if (commit === undefined) throw githubError(422, `No commit found for SHA: ${ref}`);
  return commit;
}

async function presentWhole(forge: ForgeInside, ctx: Context, commit: CommitObject): Promise<JsonObject> {
  const { repo } = ctx;
  const files = await diffFiles(repo.git, commit.parents[0] ?? null, commit.sha);
  const { page, perPage } = readPage(ctx);
  const size = ctx.query["per_page"] === undefined ? mostFiles : perPage;
  const sum = (of: "additions" | "deletions"): number => files.reduce((total, file) => total + file[of], 0);
  const [additions, deletions] = [sum("additions"), sum("deletions")];
  return {
    ...presentCommit(forge, repo, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: files.slice((page - 1) * size, page * size).map((file) => presentFile(forge, repo, file, commit.sha)),
  };
}

/** The text of a diff, where the caller asked for that media type instead of JSON. */
export async function diffInstead(
  repo: Repo,
  accept: string,
  from: string | null,
  to: string,
): Promise<Answer | undefined> {
  if (!/\bdiff\b/.test(accept) && !/\bpatch\b/.test(accept)) return undefined;
  const patch = /\bpatch\b/.test(accept);
  const range = from === null ? ["--root", to] : [`${from}..${to}`];
  const text = patch ? await repo.git.text(["format-patch", "--stdout", ...range]) : await diffText(repo.git, from, to);
  const type = `application/vnd.github.${patch ? "patch" : "diff"}; charset=utf-8`;
  return { status: 200, body: Buffer.from(text), headers: { "content-type": type } };
}

async function listCommits(ctx: Context): Promise<string[]> {
  const { repo, query } = ctx;
  const from = query["sha"] ?? repo.record.default_branch;
  const sha = await repo.git.resolve(from);
  if (sha === undefined) {
    if ((await repo.git.refs("refs/heads/")).length === 0) throw githubError(409, "Git Repository is empty.");
    throw githubError(404, "Not Found");
  }
  const args = ["rev-list", sha];
  for (const name of ["since", "until"] as const) {
    const at = query[name];
    if (at === undefined) continue;
    if (Number.isNaN(Date.parse(at))) throw githubError(422, `${name} is not a timestamp`);
    args.push(`--${name}=${at}`);
  }
  for (const name of ["author", "committer"] as const) {
    const who = query[name];
    if (who !== undefined) args.push("--fixed-strings", `--${name}=${who}`);
  }
  const path = query["path"];
  if (path !== undefined) args.push("--", `:(literal)${path.replace(/^\/+/, "")}`);
  const text = await repo.git.text(args);
  return text.split("\n").filter((line) => line !== "");
}

/** Did this pull request bring this commit, or does it propose it? */
async function holds(repo: Repo, found: Pull, sha: string): Promise<boolean> {
  const { pull, issue } = found;
  if (pull.merged && pull.merge_commit_sha !== null) {
    const { git } = repo;
    return (await git.isAncestor(sha, pull.merge_commit_sha)) && !(await git.isAncestor(sha, pull.base.sha));
  }
  return issue.state === "open" && (await pullCommits(repo, found)).includes(sha);
}

/** Commits: listed, whole, and the pull requests they came by. */
export function registerCommits(forge: ForgeInside): void {
  forge.route("GET /repos/{owner}/{repo}/commits", {
    permission: { contents: "read" },
    handler: async (ctx) => {
      const shas = await listCommits(ctx);
      return paginate(ctx, shas, async (sha) => presentCommit(forge, ctx.repo, await mustResolve(ctx.repo, sha)));
    },
  });
  forge.route("GET /repos/{owner}/{repo}/commits/{ref...}", {
    permission: { contents: "read" },
    handler: async (ctx) => {
      const commit = await mustResolve(ctx.repo, ctx.params["ref"] ?? "");
      if (ctx.accept.includes("github.sha") || ctx.accept.includes("v3.sha")) {
        const headers = { "content-type": "application/vnd.github.sha; charset=utf-8" };
        return { status: 200, body: Buffer.from(commit.sha), headers };
      }
      const text = await diffInstead(ctx.repo, ctx.accept, commit.parents[0] ?? null, commit.sha);
      return text ?? { status: 200, body: await presentWhole(forge, ctx, commit) };
    },
  });
  forge.route("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", {
    permission: { pull_requests: "read" },
    handler: async (ctx) => {
      const { sha } = await mustResolve(ctx.repo, ctx.params["commit_sha"] ?? "");
      // an open pull request is known where its head is, of a fork's the base repository says nothing
      const all = networkOf(forge, ctx.repo).flatMap((base) =>
        listPulls(base)
          .filter(({ pull }) => (pull.merged ? base.id : pull.head.repository) === ctx.repo.id)
          .map((found) => ({ base, found })),
      );
      const held = await Promise.all(all.map(({ base, found }) => holds(base, found, sha)));
      const pulls = all.filter((_, index) => held[index]);
      return paginate(ctx, pulls, ({ base, found }) => presentPullBriefly(forge, base, found));
    },
  });
}
