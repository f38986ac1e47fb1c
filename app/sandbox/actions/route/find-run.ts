import { type Context, githubError } from "#sandbox/forge/contract.ts";
import type { StoredRun } from "#sandbox/actions/link/run-store.ts";

/** The run that a path names. Throws 404. */
export function findRun(ctx: Pick<Context, "repo" | "params">): StoredRun {
  const found = ctx.repo.store<StoredRun>("workflow-runs").get(Number(ctx.params["run_id"]));
  if (found === undefined) throw githubError(404, "Not Found");
  return found;
}
