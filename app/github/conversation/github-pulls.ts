import { setTimeout as wait } from "node:timers/promises";
import { parseCommitSha } from "#core/names.ts";
import { ServiceError, type PullRequest, type PullRequests } from "#core/ports.ts";
import { ask, isConflict, mayHaveHappened } from "#github/client/explain-error.ts";
import { at, once, type GitHub } from "#github/client/octokit.ts";
import { requestReviewers } from "./request-reviewers.ts";
import { isSettled } from "./is-settled.ts";

/** The PullRequests port on GitHub's API. Titles, bodies, branches and messages in it are untrusted. */
export function githubPulls(github: GitHub): PullRequests {
  const { octokit } = github;
  const reading = (what: string) => ({
    act: `read ${what} of "${github.owner}/${github.repo}"`,
    permission: "pull-requests: read",
  });
  const writing = (what: string) => ({
    act: `${what} in "${github.owner}/${github.repo}"`,
    permission: "pull-requests: write",
  });

  async function ofBranch(branch: string, state: "open" | "all"): Promise<readonly PullRequest[]> {
    const { data } = await ask(reading(`the pull requests from "${branch}"`), async () =>
      octokit.request("GET /repos/{owner}/{repo}/pulls", {
        ...at(github),
        state,
        head: `${github.owner}:${branch}`,
        sort: "created",
        direction: "desc",
        per_page: 100,
      }),
    );
    // another owner's branch of the same name never matches, whatever the filter did
    return data.map(readPull).filter((pull) => !pull.fork && pull.head.ref === branch);
  }

  const fromBranch = async (branch: string): Promise<PullRequest | undefined> => (await ofBranch(branch, "open"))[0];

  async function get(number: number): Promise<PullRequest> {
    const { data } = await ask(reading(`pull request #${number}`), async () =>
      octokit.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", { ...at(github), pull_number: number }),
    );
    return readWhole(data);
  }

  async function open(draft: Parameters<PullRequests["open"]>[0]): Promise<PullRequest> {
    const { data } = await ask(writing(`open a pull request from "${draft.head}"`), async () =>
      octokit.request("POST /repos/{owner}/{repo}/pulls", { ...at(github), ...draft, request: once }),
    );
    return readWhole(data);
  }

  return {
    get,
    async getSettled(number) {
      let pull = await get(number);
      // Asking is what makes GitHub find out, a moment later.
      for (let waitMs = 100; pull.state === "open" && pull.mergeable === undefined && waitMs <= 1_600; waitMs *= 2) {
        await wait(waitMs);
        pull = await get(number);
      }
      return pull;
    },
    async openOnto(branch) {
      const found = await ask(reading("the open pull requests"), async () =>
        octokit.paginate("GET /repos/{owner}/{repo}/pulls", {
          ...at(github),
          state: "open",
          base: branch,
          sort: "created",
          direction: "asc",
          per_page: 100,
        }),
      );
      return found.map(readPull);
    },
    async ofCommit(sha) {
      const { data } = await ask(reading(`the pull requests that brought "${sha}"`), async () =>
        octokit.request("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", {
          ...at(github),
          commit_sha: sha,
          per_page: 100,
        }),
      );
      return data
        .filter((pull) => pull.merged_at !== null && pull.base.ref === pull.base.repo.default_branch)
        .map(readPull);
    },
    fromBranch,
    ofBranch: async (branch) => await ofBranch(branch, "all"),
    isSettled: async (number) => await isSettled(github, number, reading(`the reviews of pull request #${number}`)),
    async messages(number) {
      const commits = await ask(reading(`the commits of pull request #${number}`), async () =>
        octokit.paginate("GET /repos/{owner}/{repo}/pulls/{pull_number}/commits", {
          ...at(github),
          pull_number: number,
          per_page: 100,
        }),
      );
      return commits.map(({ commit }) => commit.message);
    },
    async open(draft) {
      try {
        return await open(draft);
      } catch (error) {
        // somebody was faster, or ours arrived without an answer: either way it may be there now
        if (!isConflict(error) && !mayHaveHappened(error)) throw error;
        const there = await fromBranch(draft.head);
        if (there?.base.ref === draft.base) return there;
        if (there !== undefined || isConflict(error)) throw error;
        return await open(draft);
      }
    },
    async edit(number, change) {
      await ask(writing(`edit pull request #${number}`), async () =>
        octokit.request("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", {
          ...at(github),
          pull_number: number,
          ...change,
        }),
      );
    },
    async requestReviewers(number, reviewers) {
      await requestReviewers(github, number, reviewers, writing(`ask for reviews of pull request #${number}`));
    },
  };
}

type PullData = {
  number: number;
  title: string;
  state: string;
  merged_at?: string | null;
  closed_at?: string | null;
  merge_commit_sha?: string | null;
  head: { sha: string; ref: string; repo: { id: number | bigint } | null };
  base: { sha: string; ref: string; repo: { id: number | bigint } | null };
  draft?: boolean | undefined;
  user: { login: string } | null;
  labels: readonly { name?: string }[];
  body: string | null;
};

/** Only one that was read by its number says whether it can be merged, and how many comments there are. */
function readWhole(data: PullData & { merged: boolean; mergeable: boolean | null; comments: number }): PullRequest {
  const { merged, mergeable, comments } = data;
  return { ...readPull(data), merged, mergeable: mergeable ?? undefined, comments };
}

function readPull(data: PullData): PullRequest {
  const merged = typeof data.merged_at === "string";
  const commit = typeof data.merge_commit_sha === "string" ? parseCommitSha(data.merge_commit_sha) : undefined;
  return {
    number: data.number,
    title: data.title,
    state: readState(data),
    merged,
    mergeCommit: merged ? commit : undefined,
    testMerge: data.state === "open" ? commit : undefined,
    mergeable: undefined,
    head: { sha: parseCommitSha(data.head.sha), ref: data.head.ref },
    base: { sha: parseCommitSha(data.base.sha), ref: data.base.ref },
    // a fork that was deleted has no repository any more
    fork: data.head.repo?.id !== data.base.repo?.id,
    draft: data.draft ?? false,
    author: data.user?.login ?? "ghost",
    labels: data.labels.flatMap(({ name }) => (name === undefined ? [] : [name])),
    body: data.body ?? "",
    closedAt: typeof data.closed_at === "string" ? new Date(data.closed_at) : undefined,
  };
}

function readState({ state, number }: PullData): "open" | "closed" {
  if (state === "open" || state === "closed") return state;
  throw new ServiceError(
    "broken",
    `Cannot read pull request #${number}: its state is "${state}", neither open nor closed`,
  );
}
