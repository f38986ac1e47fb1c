import { type Actor, githubError, type Repo } from "#sandbox/forge/contract.ts";
import { changedWorkflow } from "#sandbox/forge/git/workflow-guard.ts";

/** May this actor's token change workflow files? People may; apps and jobs only with the permission "workflows". */
export function mayChangeWorkflows(actor: Actor): boolean {
  return (actor.kind !== "installation" && actor.kind !== "job") || actor.permissions.workflows === "write";
}

/** Throws 403 where a commit that a ref shall move to changes a workflow file and the token may not. */
export async function demandWorkflows(repo: Repo, actor: Actor, before: string | null, after: string): Promise<void> {
  if (mayChangeWorkflows(actor)) return;
  const refs = await repo.git.refs();
  const known = before ?? refs.find(({ name }) => name === `refs/heads/${repo.record.default_branch}`)?.sha;
  const tip = await repo.git.resolve(after);
  if (tip === undefined || refs.some(({ sha }) => sha === tip)) return;
  for (const sha of await repo.git.range(known, tip)) {
    // oxlint-disable-next-line no-await-in-loop -- the first is enough
    const path = await changedWorkflow(repo.git, sha);
    if (path !== undefined) throw githubError(403, "Resource not accessible by integration");
  }
}
