import { githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { paginate } from "#sandbox/forge/paginate.ts";
import { nodeId, presentAccount } from "#sandbox/forge/present/account.ts";
import { presentPullBriefly } from "#sandbox/forge/present/pull.ts";
import { changePull, mustFindPull } from "#sandbox/forge/pulls/pull.ts";
import type { ReviewRecord } from "#sandbox/forge/pulls/review.ts";

type Asked = {
  body?: string;
  event?: "APPROVE" | "REQUEST_CHANGES" | "COMMENT";
  commit_id?: string;
  comments?: readonly unknown[];
};

const states = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" } as const;

/** Reviews of pull requests. */
export function registerReviews(forge: ForgeInside): void {
  const present = (repo: Repo, one: ReviewRecord): JsonObject => {
    const page = `${forge.urls.server}/${repo.fullName}/pull/${one.pull}`;
    const url = `${forge.urls.api}/repos/${repo.fullName}/pulls/${one.pull}`;
    return {
      id: one.id,
      node_id: nodeId("PRR", one.id),
      user: presentAccount(forge.urls, forge.account(one.user)),
      body: one.body,
      state: one.state,
      html_url: `${page}#pullrequestreview-${one.id}`,
      pull_request_url: url,
      _links: { html: { href: `${page}#pullrequestreview-${one.id}` }, pull_request: { href: url } },
      ...(one.submitted_at === null ? {} : { submitted_at: one.submitted_at }),
      commit_id: one.commit_id,
      author_association: one.user === repo.record.owner ? "OWNER" : "COLLABORATOR",
    };
  };
  forge.route("GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews", {
    permission: { pull_requests: "read" },
    handler: (ctx) => {
      const { number } = mustFindPull(ctx.repo, ctx.params["pull_number"]).issue;
      const all = ctx.repo
        .store<ReviewRecord>("reviews")
        .list()
        .filter((one) => one.pull === number);
      return paginate(ctx, all, (one) => present(ctx.repo, one));
    },
  });
  forge.route<Asked>("POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews", {
    permission: { pull_requests: "write" },
    role: "read",
    handler: ({ repo, params, body, login, now, actor }) => {
      const found = mustFindPull(repo, params["pull_number"]);
      const { event, commit_id = found.pull.head.sha } = body;
      if ((body.comments ?? []).length > 0) throw githubError(501, "The sandbox keeps no comments on lines of code");
      if (event !== undefined && event !== "COMMENT" && found.issue.user === login) {
        const what = event === "APPROVE" ? "approve" : "request changes on";
        throw githubError(422, "Unprocessable Entity", [`Can not ${what} your own pull request`]);
      }
      const text = body.body ?? "";
      if (event !== undefined && event !== "APPROVE" && text === "") {
        throw githubError(422, "Unprocessable Entity", ["Body can't be blank"]);
      }
      const record = repo.store<ReviewRecord>("reviews").add({
        id: forge.nextId(),
        pull: found.issue.number,
        user: login,
        body: text,
        state: event === undefined ? "PENDING" : states[event],
        commit_id,
        submitted_at: event === undefined ? null : now,
      });
      if (event !== undefined) {
        const reviewers = found.pull.reviewers.filter((one) => one !== login);
        const pull_request = presentPullBriefly(forge, repo, changePull(repo, found, { pull: { reviewers } }));
        const review = { ...present(repo, record), state: record.state.toLowerCase() };
        forge.emit(repo, "pull_request_review", "submitted", { review, pull_request }, actor);
      }
      return { status: 200, body: present(repo, record) };
    },
  });
}
