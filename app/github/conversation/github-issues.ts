import type { Issue, Issues } from "#core/ports.ts";
import { ask, mayHaveHappened } from "#github/client/explain-error.ts";
import { at, once, type GitHub, type Writer } from "#github/client/octokit.ts";
import { isOwn } from "#github/client/own.ts";

type IssueData = { number: number; title: string; body?: string | null; state: string };

/** The Issues port on GitHub's API: found by listing, as the search index lags behind. */
export function githubIssues(github: GitHub, writer: Writer): Issues {
  const { octokit } = github;
  const act = (what: string, access: string) => ({
    act: `${what} in "${github.owner}/${github.repo}"`,
    permission: `issues: ${access}`,
  });

  async function own(label: string): Promise<readonly Issue[]> {
    const issues = await ask(act(`list the issues labelled "${label}"`, "read"), async () =>
      octokit.paginate("GET /repos/{owner}/{repo}/issues", {
        ...at(github),
        labels: label,
        state: "all",
        sort: "created",
        direction: "asc",
        per_page: 100,
      }),
    );
    return issues.filter((issue) => issue.pull_request === undefined && isOwn(writer, issue)).map(readIssue);
  }

  return {
    own,
    async create(issue) {
      const create = async (): Promise<Issue> => {
        const { data } = await ask(act(`open the issue "${issue.title}"`, "write"), async () =>
          octokit.request("POST /repos/{owner}/{repo}/issues", {
            ...at(github),
            ...issue,
            labels: [...issue.labels],
            request: once,
          }),
        );
        return readIssue(data);
      };
      try {
        return await create();
      } catch (error) {
        const [label] = issue.labels;
        if (!mayHaveHappened(error) || label === undefined) throw error;
        const same = (await own(label)).findLast(
          ({ title, body, state }) => state === "open" && title === issue.title && body === issue.body,
        );
        return same ?? (await create());
      }
    },
    async update(number, change) {
      await ask(act(`edit the issue #${number}`, "write"), async () =>
        octokit.request("PATCH /repos/{owner}/{repo}/issues/{issue_number}", {
          ...at(github),
          issue_number: number,
          ...change,
        }),
      );
    },
  };
}

function readIssue({ number, title, body, state }: IssueData): Issue {
  return { number, title, body: body ?? "", state: state === "open" ? "open" : "closed" };
}
