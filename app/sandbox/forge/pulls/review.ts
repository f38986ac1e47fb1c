import { hasRole } from "#sandbox/forge/auth/permit.ts";
import type { Repo } from "#sandbox/forge/contract.ts";
import type { Pull } from "./pull.ts";

/** Collection "reviews". */
export type ReviewRecord = {
  id: number;
  /** number */
  pull: number;
  /** login */
  user: string;
  body: string;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  commit_id: string;
  submitted_at: string | null;
};

/**
 * What the reviewers with write access say, each by the last review that says yes or no. `headOnly`: a yes to an earlier
 * commit is none.
 */
export function approvals(repo: Repo, { pull, issue }: Pull, headOnly: boolean): { count: number; blocked: boolean } {
  const said = new Map<string, ReviewRecord>();
  for (const review of repo.store<ReviewRecord>("reviews").list()) {
    if (review.pull !== issue.number || review.state === "COMMENTED" || review.state === "PENDING") continue;
    if (hasRole(repo.roleOf(review.user), "write")) said.set(review.user, review);
  }
  const last = [...said.values()];
  const counts = ({ state, commit_id }: ReviewRecord): boolean =>
    state === "APPROVED" && (!headOnly || commit_id === pull.head.sha);
  return { count: last.filter(counts).length, blocked: last.some(({ state }) => state === "CHANGES_REQUESTED") };
}
