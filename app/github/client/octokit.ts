import type { Octokit as RestOctokit } from "@octokit/rest";

/** What the adapters need of a client: `@octokit/rest` has it, and so has the `context.octokit` of Probot. */
export type Octokit = Pick<RestOctokit, "request" | "paginate" | "graphql">;

/** One repository of one GitHub, and the client that speaks to it. */
export type GitHub = { octokit: Octokit; owner: string; repo: string };

/** In whose name we write: the app, or the workflow's own token. */
export type Writer = { kind: "app"; slug: string } | { kind: "actions" };

/** For writes that may not happen twice: whether one arrived is looked up before it is sent again. */
export const once = { retries: 0 } as const;

/** The parameters that name the repository, and its name for sentences. */
export function at(github: GitHub): { owner: string; repo: string } {
  return { owner: github.owner, repo: github.repo };
}
