import { githubError, type Repo } from "#sandbox/forge/contract.ts";
import { diffFiles } from "#sandbox/forge/git/diff.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import { presentAccount } from "#sandbox/forge/present/account.ts";
import { presentCommit, presentFile } from "#sandbox/forge/present/commit.ts";
import { presentPullBriefly, pullCommits, pullRange } from "#sandbox/forge/present/pull.ts";
import { emitPull } from "#sandbox/forge/pulls/emit-pull.ts";
import { type MergeMethod, mergePull } from "#sandbox/forge/pulls/merge-pull.ts";
import { changePull, mustFindPull } from "#sandbox/forge/pulls/pull.ts";
import { updateBranch } from "#sandbox/forge/pulls/update-branch.ts";
import { isCollaborator } from "#sandbox/forge/routes/repository/repository.ts";

const mostFiles = 3000;
const mostCommits = 250;

type Merge = { merge_method?: MergeMethod; sha?: string; commit_title?: string; commit_message?: string };
type Reviewers = { reviewers?: readonly string[]; team_reviewers?: readonly string[] };

/** What a pull request holds, and what can be done with it. */
export function registerPullParts(forge: ForgeInside): void {
  forge.route("GET /repos/{owner}/{repo}/pulls/{pull_number}/files", {
    permission: { pull_requests: "read" },
    handler: async (ctx) => {
      const found = mustFindPull(ctx.repo, ctx.params["pull_number"]);
      const { from, to } = await pullRange(ctx.repo, found);
      const files = (await diffFiles(ctx.repo.git, from, to)).slice(0, mostFiles);
      return paginate(ctx, files, (file) => presentFile(forge, ctx.repo, file, to));
    },
  });
  forge.route("GET /repos/{owner}/{repo}/pulls/{pull_number}/commits", {
    permission: { pull_requests: "read" },
    handler: async (ctx) => {
      const { repo } = ctx;
      const shas = (await pullCommits(repo, mustFindPull(repo, ctx.params["pull_number"]))).slice(0, mostCommits);
      return paginate(ctx, shas, async (sha) => {
        const commit = await repo.git.commit(sha);
        return commit === undefined ? {} : presentCommit(forge, repo, commit);
      });
    },
  });
  forge.route("GET /repos/{owner}/{repo}/pulls/{pull_number}/merge", {
    permission: { pull_requests: "read" },
    handler: ({ repo, params }) => {
      if (!mustFindPull(repo, params["pull_number"]).pull.merged) throw githubError(404, "Not Found");
      return { status: 204 };
    },
  });
  forge.route<Merge>("PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge", {
    permission: { contents: "write" },
    handler: async ({ repo, params, body, actor }) => {
      const asked = {
        method: body.merge_method ?? "merge",
        sha: body.sha,
        title: body.commit_title,
        message: body.commit_message,
      } as const;
      const sha = await mergePull(forge, repo, mustFindPull(repo, params["pull_number"]).issue.number, asked, actor);
      return { status: 200, body: { sha, merged: true, message: "Pull Request successfully merged" } };
    },
  });
  forge.route<{ expected_head_sha?: string }>("PUT /repos/{owner}/{repo}/pulls/{pull_number}/update-branch", {
    permission: { pull_requests: "write" },
    handler: async ({ repo, params, body, actor }) => {
      const { number } = mustFindPull(repo, params["pull_number"]).issue;
      await updateBranch(forge, repo, number, body.expected_head_sha, actor);
      const url = `${forge.urls.api}/repos/${repo.fullName}/pulls/${number}`;
      return { status: 202, body: { message: "Updating pull request branch.", url } };
    },
  });
  registerReviewers(forge);
}

function registerReviewers(forge: ForgeInside): void {
  forge.route("GET /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", {
    permission: { pull_requests: "read" },
    handler: ({ repo, params }) => {
      const { reviewers } = mustFindPull(repo, params["pull_number"]).pull;
      const users = reviewers.map((login) => presentAccount(forge.urls, forge.account(login)));
      return { status: 200, body: { users, teams: [] } };
    },
  });
  forge.route<Reviewers>("POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", {
    permission: { pull_requests: "write" },
    handler: async ({ repo, params, body, actor }) => {
      const found = mustFindPull(repo, params["pull_number"]);
      const asked = demandReviewers(repo, found.issue.user, body);
      const fresh = asked.filter((login) => !found.pull.reviewers.includes(login));
      const changed = changePull(repo, found, {
        pull: { reviewers: [...found.pull.reviewers, ...fresh] },
        issue: { updated_at: forge.instant() },
      });
      for (const login of fresh) {
        const requested_reviewer = presentAccount(forge.urls, forge.account(login));
        // oxlint-disable-next-line no-await-in-loop -- one event each, in order
        await emitPull(forge, repo, found.issue.number, "review_requested", actor, { requested_reviewer });
      }
      return { status: 201, body: presentPullBriefly(forge, repo, changed) };
    },
  });
  forge.route<Reviewers>("DELETE /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", {
    permission: { pull_requests: "write" },
    handler: async ({ repo, params, body, actor }) => {
      const found = mustFindPull(repo, params["pull_number"]);
      const gone = found.pull.reviewers.filter((login) => (body.reviewers ?? []).includes(login));
      const reviewers = found.pull.reviewers.filter((login) => !gone.includes(login));
      const changed = changePull(repo, found, { pull: { reviewers } });
      for (const login of gone) {
        const requested_reviewer = presentAccount(forge.urls, forge.account(login));
        // oxlint-disable-next-line no-await-in-loop -- one event each, in order
        await emitPull(forge, repo, found.issue.number, "review_request_removed", actor, { requested_reviewer });
      }
      return { status: 200, body: presentPullBriefly(forge, repo, changed) };
    },
  });
}

function demandReviewers(
  repo: Repo,
  author: string,
  { reviewers = [], team_reviewers = [] }: Reviewers,
): readonly string[] {
  if (reviewers.some((login) => login.toLowerCase() === author.toLowerCase())) {
    throw githubError(422, "Review cannot be requested from pull request author.");
  }
  if (team_reviewers.length > 0 || !reviewers.every((login) => isCollaborator(repo, login))) {
    throw githubError(
      422,
      "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a " +
        `collaborator of the ${repo.fullName} repository.`,
    );
  }
  return reviewers;
}
