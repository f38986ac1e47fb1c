import type { Ports } from "#core/ports.ts";
import { reconcileDefault } from "#flow/promote/reconcile-default.ts";
import { reconcileGroup } from "#flow/group/reconcile-group.ts";
import { reconcilePull } from "#flow/pull/reconcile-pull.ts";
import { reportUnwatched } from "#flow/watch/report-unwatched.ts";
import { reportWatch } from "#flow/watch/report-watch.ts";
import { sweepPulls, type SweepProblem } from "#flow/pull/sweep-pulls.ts";
import { readRecord } from "#flow/evidence/evidence-reader.ts";
import { reportRecordSchema } from "#core/plan/plan-record.ts";
import { reportArtifact } from "#flow/evidence/record-report.ts";

const events = new Set(["pull_request", "push", "schedule", "workflow_dispatch", "merge_group"]);

/** Is a run started by this event one of the loop's, with something to say? Comments are the app's own to answer. */
export function isReportOf(event: string): boolean {
  return events.has(event);
}

/**
 * A run has ended: brings whatever it was about to where it should be. Answers the pull requests that could not be
 * looked at besides.
 */
export async function reportRun(ports: Ports, id: number): Promise<readonly SweepProblem[]> {
  const run = await ports.workflows.run(id);
  if (run === undefined) return [];
  if (run.event === "pull_request") {
    const pull = run.pull ?? (await findPull(ports, run.head));
    if (pull !== undefined) await reconcilePull(ports, pull, { runStarts: false, finishedRun: id, dispatch: true });
    return [];
  }
  if (run.event === "merge_group") {
    await reconcileGroup(ports, { head: run.head, ref: run.branch }, { runStarts: false, finishedRun: id });
    return [];
  }
  if (run.event === "workflow_dispatch") {
    const pull = await claimedPull(ports, id);
    if (pull !== undefined) {
      await reconcilePull(ports, pull, { runStarts: false, finishedRun: id, dispatch: false });
      return [];
    }
  }
  if (run.event === "schedule" || run.event === "workflow_dispatch") await reportWatch(ports, id);
  await reconcileDefault(ports, { finishedRun: id });
  // a watch that does not run cannot say so
  await reportUnwatched(ports);
  return await sweepPulls(ports);
}

/** A run says whose it is only for pull requests of the same repository: else the open one with this head. */
async function findPull(ports: Ports, head: string): Promise<number | undefined> {
  const { name } = await ports.repository.defaultBranch();
  return (await ports.pulls.openOnto(name)).find((pull) => pull.head.sha === head)?.number;
}

/** A run that was started by hand says itself which pull request it was for; only its head's owner will believe it. */
async function claimedPull(ports: Ports, id: number): Promise<number | undefined> {
  const bytes = await ports.workflows.record(id, reportArtifact.artifact, reportArtifact.file);
  const claim = bytes === undefined ? undefined : readRecord(new TextDecoder().decode(bytes), reportRecordSchema);
  return claim?.pull ?? undefined;
}
