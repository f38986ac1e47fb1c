import type { RunRequest } from "#sandbox/actions/run/run-request.ts";

/** A cache is written for the run's own ref, and read from there, the base branch and the default branch. */
export function cacheScopes({ ref, baseRef, repository }: RunRequest): string[] {
  const base = baseRef === "" ? [] : [`refs/heads/${baseRef}`];
  return [...new Set([ref, ...base, `refs/heads/${repository.defaultBranch}`])];
}
