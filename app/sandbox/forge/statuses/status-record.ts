import type { Repo } from "#sandbox/forge/contract.ts";

/** Collection "statuses". */
export type StatusRecord = {
  id: number;
  sha: string;
  state: "error" | "failure" | "pending" | "success";
  context: string;
  target_url: string | null;
  description: string | null;
  /** login */
  creator: string;
  created_at: string;
};

/** The newest status of each context of a commit. */
export function latestStatuses(repo: Repo, sha: string): StatusRecord[] {
  const all = repo.store<StatusRecord>("statuses").list();
  return [...new Map(all.filter((one) => one.sha === sha).map((one) => [one.context, one])).values()];
}
