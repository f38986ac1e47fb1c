import type { Ports, WorkflowRun } from "#core/ports.ts";
import type { ObservedDefault } from "#flow/observe/observe-default.ts";
import { reconcileDefault } from "#flow/promote/reconcile-default.ts";
import { reportUnwatched } from "#flow/watch/report-unwatched.ts";
import { reportWatch } from "#flow/watch/report-watch.ts";

/**
 * Brings the default branch to where it should be though no event told: what the finished runs of its newest head claim
 * is recorded and said, and what should have been promoted and was not is given to one more run. Leaves everything to a
 * run that is under way.
 */
export async function sweepDefault(ports: Ports): Promise<void> {
  const { head } = await ports.repository.defaultBranch();
  const runs = (await ports.workflows.runsOf(head)).filter(({ event }) => ownEvents.has(event));
  if (runs.some(isUnderWay)) return;
  const newest = (event: string): WorkflowRun | undefined => runs.find((run) => run.event === event);
  const watch = newest("schedule");
  if (watch !== undefined) await reportWatch(ports, watch.id);
  const byHand = newest("workflow_dispatch");
  if (byHand !== undefined) await reconcileDefault(ports, { finishedRun: byHand.id });
  const observed = await reconcileDefault(ports, { finishedRun: newest("push")?.id });
  await reportUnwatched(ports);
  // once a head: what failed in a run that was started for it fails again
  if (newest("push") === undefined || byHand !== undefined || !asksToMove(observed)) return;
  const now = await ports.workflows.runsOf(head);
  if (!now.some(({ event }) => event === "workflow_dispatch")) await ports.workflows.dispatch({ command: "promote" });
}

const ownEvents = new Set(["push", "schedule", "workflow_dispatch"]);

function isUnderWay({ status }: WorkflowRun): boolean {
  return status !== "completed";
}

function asksToMove({ models, retired }: ObservedDefault): boolean {
  const moving = new Set(["promote", "grow", "finish", "rename"]);
  return (
    models.some(({ decision }) => moving.has(decision.kind)) ||
    retired.some(({ decision }) => decision.kind === "unassign")
  );
}
