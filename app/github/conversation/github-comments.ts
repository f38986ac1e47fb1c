import type { Comments } from "#core/ports.ts";
import { ask, askMaybe, mayHaveHappened } from "#github/client/explain-error.ts";
import { at, once, type GitHub, type Writer } from "#github/client/octokit.ts";
import { isOwn } from "#github/client/own.ts";

/** The Comments port on GitHub's API. A create without an answer is looked for before it is sent again. */
export function githubComments(github: GitHub, writer: Writer): Comments {
  const { octokit } = github;
  const act = (what: string, access: string) => ({
    act: `${what} in "${github.owner}/${github.repo}"`,
    permission: `pull-requests: ${access}`,
  });
  async function own(issue: number): ReturnType<Comments["own"]> {
    const comments = await ask(act(`read the comments of #${issue}`, "read"), async () =>
      octokit.paginate("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
        ...at(github),
        issue_number: issue,
        per_page: 100,
      }),
    );
    return comments
      .filter((comment) => isOwn(writer, comment))
      .map(({ id, body, updated_at: updated }) => ({ id: Number(id), body: body ?? "", updatedAt: new Date(updated) }));
  }

  async function create(issue: number, body: string): Promise<{ id: number }> {
    const { data } = await ask(act(`comment on #${issue}`, "write"), async () =>
      octokit.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
        ...at(github),
        issue_number: issue,
        body,
        request: once,
      }),
    );
    return { id: Number(data.id) };
  }

  return {
    own,
    async create(issue, body) {
      try {
        return await create(issue, body);
      } catch (error) {
        if (!mayHaveHappened(error)) throw error;
        // where it cannot be looked for, nobody knows
        const there = await own(issue).catch(() => {
          throw error;
        });
        const arrived = there.findLast((comment) => comment.body === body);
        return arrived ?? (await create(issue, body));
      }
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
