import type { Check, Issue, PullRequest, WorkflowRun } from "#core/ports.ts";
import type { CommitSha } from "#core/names.ts";

export type StoredPull = PullRequest & {
  messages: readonly string[];
  settled?: "approved" | "queued" | undefined;
};
export type StoredDeployment = { environment: string; ref: CommitSha; version: string; state: "success" | "inactive" };

/** What a service keeps besides git, releases and bytes: plain data, so that a world can be copied as it is. */
export type Memory = {
  pulls: StoredPull[];
  checks: { id: number; head: string; check: Check }[];
  comments: { id: number; issue: number; body: string; updatedAt: Date }[];
  issues: (Issue & { labels: readonly string[] })[];
  deployments: StoredDeployment[];
  runs: WorkflowRun[];
  dispatches: Readonly<Record<string, string>>[];
  /** runs that were asked to say their verdict anew */
  reruns: number[];
  writers: string[];
  /** how many have gone by */
  minutes: number;
  /** does a merge queue merge into `main`? */
  queue: boolean;
  /** what chance puts into a model that is trained: the same recipe may come out otherwise */
  luck: string;
  /** the next id of whatever is made */
  next: number;
  /** the next number of an issue or pull request that we make */
  number: number;
};

export function emptyMemory(): Memory {
  return {
    pulls: [],
    checks: [],
    comments: [],
    issues: [],
    deployments: [],
    runs: [],
    dispatches: [],
    reruns: [],
    writers: ["ada"],
    minutes: 0,
    queue: false,
    luck: "",
    next: 100,
    number: 100,
  };
}
