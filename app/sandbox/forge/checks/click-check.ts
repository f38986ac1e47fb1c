import { type Actor, type Forge, githubError, type Repo } from "#sandbox/forge/contract.ts";
import { emitFilled } from "#sandbox/forge/events/emit-filled.ts";
import { type CheckRunRecord, presentCheckRun } from "./check-run.ts";

/** What "Re-run" on a check does: the run is queued again, and its own app is told. */
export function rerequestCheckRun(forge: Forge, repo: Repo, run: CheckRunRecord, actor: Actor): void {
  const again = repo
    .store<CheckRunRecord>("check-runs")
    .set(run.id, { status: "queued", conclusion: null, completed_at: null });
  const payload = { check_run: presentCheckRun(forge, repo, again) };
  emitFilled(forge, repo, "check_run", "rerequested", payload, actor, { app: run.app });
}

/** What pressing a button of a check does: its own app is told which. Throws where the check has no such button. */
export function pressCheckAction(
  forge: Forge,
  repo: Repo,
  run: CheckRunRecord,
  identifier: string,
  actor: Actor,
): void {
  if (!run.actions.some((action) => action.identifier === identifier))
    throw githubError(422, `The check "${run.name}" has no button "${identifier}"`);
  const payload = { check_run: presentCheckRun(forge, repo, run), requested_action: { identifier } };
  emitFilled(forge, repo, "check_run", "requested_action", payload, actor, { app: run.app });
}
