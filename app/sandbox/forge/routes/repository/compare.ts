import { mustSee } from "#sandbox/forge/auth/permit.ts";
import { type Context, githubError, type JsonObject } from "#sandbox/forge/contract.ts";
import { findHead } from "#sandbox/forge/forks/network.ts";
import { diffFiles } from "#sandbox/forge/git/diff.ts";
import type { CommitObject } from "#sandbox/forge/git/objects.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { linkHeader, readPage } from "#sandbox/forge/paginate.ts";
import { presentCommit, presentFile } from "#sandbox/forge/present/commit.ts";
import { diffInstead } from "./commits.ts";

const mostFiles = 300;
const mostCommits = 250;

async function mustFind(ctx: Context, name: string): Promise<CommitObject> {
  // "owner:branch" names a branch of a fork, or of the repository itself
  const elsewhere = name.includes(":") ? findHead(ctx.forge, ctx.repo, name) : undefined;
  const { source, ref } = elsewhere ?? { source: ctx.repo, ref: name };
  const sha = await mustSee(ctx.actor, source).git.resolve(ref);
  const commit = sha === undefined ? undefined : await ctx.repo.git.commit(sha);
  if (commit === undefined) throw githubError(404, "Not Found");
  return commit;
}

function statusOf(ahead: number, behind: number): string {
  if (ahead === 0) return behind === 0 ? "identical" : "behind";
  return behind === 0 ? "ahead" : "diverged";
}

/** Two commits compared from their merge base on. */
export function registerCompare(forge: ForgeInside): void {
  forge.route("GET /repos/{owner}/{repo}/compare/{basehead...}", {
    permission: { contents: "read" },
    handler: async (ctx) => {
      const { repo, params } = ctx;
      const written = params["basehead"] ?? "";
      const [left, right] = written.split("...", 2);
      if (left === undefined || right === undefined || left === "" || right === "") throw githubError(404, "Not Found");
      const [base, head] = await Promise.all([mustFind(ctx, left), mustFind(ctx, right)]);
      const { git } = repo;
      const middle = await git.mergeBase(base.sha, head.sha);
      const mergeBase = middle === undefined ? undefined : await git.commit(middle);
      if (mergeBase === undefined) throw githubError(404, `No common ancestor between ${left} and ${right}.`);
      const text = await diffInstead(repo, ctx.accept, mergeBase.sha, head.sha);
      if (text !== undefined) return text;
      const [ahead, behind] = await Promise.all([git.range(base.sha, head.sha), git.range(head.sha, base.sha)]);
      const paged = ctx.query["page"] !== undefined || ctx.query["per_page"] !== undefined;
      const { page, perPage } = readPage(ctx);
      const size = paged ? perPage : mostCommits;
      const shown = await Promise.all(ahead.slice((page - 1) * size, page * size).map((sha) => git.commit(sha)));
      // files come with the first page alone, and never more than so many
      const files = page === 1 ? (await diffFiles(git, mergeBase.sha, head.sha)).slice(0, mostFiles) : undefined;
      const url = `${forge.urls.api}/repos/${repo.fullName}/compare/${written}`;
      const html = `${forge.urls.server}/${repo.fullName}/compare/${written}`;
      const body: JsonObject = {
        url,
        html_url: html,
        permalink_url: html,
        diff_url: `${html}.diff`,
        patch_url: `${html}.patch`,
        base_commit: presentCommit(forge, repo, base),
        merge_base_commit: presentCommit(forge, repo, mergeBase),
        status: statusOf(ahead.length, behind.length),
        ahead_by: ahead.length,
        behind_by: behind.length,
        total_commits: ahead.length,
        commits: shown.filter((commit) => commit !== undefined).map((commit) => presentCommit(forge, repo, commit)),
        ...(files === undefined ? {} : { files: files.map((file) => presentFile(forge, repo, file, head.sha)) }),
      };
      const link = paged ? linkHeader(ctx, ahead.length) : undefined;
      return { status: 200, body, headers: link === undefined ? {} : { link } };
    },
  });
}
