import type { Comments } from "#core/ports.ts";
import { ask, askMaybe } from "#github/client/explain-error.ts";
import { at, once, type GitHub, type Writer } from "#github/client/octokit.ts";
import { isOwn } from "#github/client/own.ts";

/** The Comments port on GitHub's API. A create without an answer is not repeated: list, then decide. */
export function githubComments(github: GitHub, writer: Writer): Comments {
  const { octokit } = github;
  const act = (what: string, access: string) => ({
    act: `${what} in "${github.owner}/${github.repo}"`,
    permission: `pull-requests: ${access}`,
  });
  return {
    async own(issue) {
      const comments = await ask(act(`read the comments of #${issue}`, "read"), async () =>
        octokit.paginate("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
          ...at(github),
          issue_number: issue,
          per_page: 100,
        }),
      );
      return comments
        .filter((comment) => isOwn(writer, comment))
        .map(({ id, body, updated_at: updated }) => ({
          id: Number(id),
          body: body ?? "",
          updatedAt: new Date(updated),
        }));
    },
    async create(issue, body) {
      const { data } = await ask(act(`comment on #${issue}`, "write"), async () =>
        octokit.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
          ...at(github),
          issue_number: issue,
          body,
          request: once,
        }),
      );
      return { id: Number(data.id) };
    },
    async update(id, body) {
      await ask(act(`edit the comment ${id}`, "write"), async () =>
        octokit.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
          ...at(github),
          comment_id: id,
          body,
        }),
      );
    },
    async remove(id) {
      await askMaybe(act(`delete the comment ${id}`, "write"), async () =>
        octokit.request("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", { ...at(github), comment_id: id }),
      );
    },
  };
}
