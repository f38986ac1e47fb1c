import { type Actor, type Context, githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { authorAssociation } from "#sandbox/forge/issues/issue-access.ts";
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
      author_association: authorAssociation(repo, one.user),
    };
  };
  const tell = (repo: Repo, record: ReviewRecord, action: "submitted" | "dismissed", actor: Actor): void => {
    const pull_request = presentPullBriefly(forge, repo, mustFindPull(repo, record.pull));
    // in this event alone the state is written small
    const review = { ...present(repo, record), state: record.state.toLowerCase() };
    forge.emit(repo, "pull_request_review", action, { review, pull_request }, actor);
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
        changePull(repo, found, { pull: { reviewers: found.pull.reviewers.filter((one) => one !== login) } });
        tell(repo, record, "submitted", actor);
      }
      return { status: 200, body: present(repo, record) };
    },
  });
  const one = "/repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}";
  const find = ({ repo, params }: Pick<Context, "repo" | "params">): ReviewRecord => {
    const { number } = mustFindPull(repo, params["pull_number"]).issue;
    const found = repo.store<ReviewRecord>("reviews").get(Number(params["review_id"]));
    if (found === undefined || found.pull !== number) throw githubError(404, "Not Found");
    return found;
  };
  forge.route(`GET ${one}`, {
    permission: { pull_requests: "read" },
    handler: (ctx) => ({ status: 200, body: present(ctx.repo, find(ctx)) }),
  });
  forge.route<{ message: string }>(`PUT ${one}/dismissals`, {
    permission: { pull_requests: "write" },
    handler: ({ repo, params, actor }) => {
      const review = find({ repo, params });
      if (review.state !== "APPROVED" && review.state !== "CHANGES_REQUESTED") {
        throw githubError(422, "Unprocessable Entity", ["Can not dismiss a commented pull request review"]);
      }
      const dismissed = repo.store<ReviewRecord>("reviews").set(review.id, { state: "DISMISSED" });
      tell(repo, dismissed, "dismissed", actor);
      return { status: 200, body: present(repo, dismissed) };
    },
  });
}
