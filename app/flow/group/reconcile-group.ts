import { judgeModel } from "#core/plan/judge-model.ts";
import type { Failure } from "#core/plan/plan-record.ts";
import type { Ports } from "#core/ports.ts";
import { recordReport } from "#flow/evidence/record-report.ts";
import { readSnapshot } from "#flow/observe/read-snapshot.ts";
import { wantOf, type JudgedModel } from "#flow/pull/reconcile-pull.ts";
import { observeGroup, type Group, type ObservedGroup } from "./observe-group.ts";
import { isGroupGreen, publishGroup } from "./publish-group.ts";

export type GroupAnswer = {
  observed: ObservedGroup;
  models: readonly JudgedModel[];
  failures: readonly Failure[];
};

/**
 * Brings the check on a merge queue's group to where it should be: judged like a pull request, on the group's own tree,
 * which is trained where nobody has trained it yet. A green group is a review of what it makes of the default branch.
 */
export async function reconcileGroup(
  ports: Ports,
  group: Group,
  options: { runStarts: boolean; finishedRun: number | undefined },
): Promise<{ answer: GroupAnswer; green: boolean }> {
  let answer = await judgeGroup(ports, group, [], options.runStarts);
  if (options.finishedRun !== undefined && answer.models.length > 0) {
    const run = await ports.workflows.run(options.finishedRun);
    const recorded = run === undefined ? undefined : await recordReport(ports, run, await want(ports, answer.observed));
    answer = await judgeGroup(ports, group, recorded?.failures ?? [], false);
  }
  await publishGroup(ports, answer);
  return { answer, green: isGroupGreen(answer) };
}

async function judgeGroup(
  ports: Ports,
  group: Group,
  failures: readonly Failure[],
  expecting: boolean,
): Promise<GroupAnswer> {
  const observed = await observeGroup(ports, group, failures);
  const { outcome } = observed;
  if (outcome.kind !== "models") return { observed, models: [], failures };
  const { informational } = outcome;
  const { tree } = outcome.merged;
  const models = outcome.models.map((model) => ({
    change: model.change,
    observed: model,
    answer: judgeModel(model.change, model.facts, { expecting, informational, tree }),
  }));
  return { observed, models, failures };
}

async function want(ports: Ports, { head, base, outcome }: ObservedGroup): Promise<Parameters<typeof recordReport>[2]> {
  if (outcome.kind !== "models") throw new TypeError("Cannot ask for a report where no model is known");
  const [{ name, head: tip }, before] = await Promise.all([
    ports.repository.defaultBranch(),
    readSnapshot(ports.repository, base, base),
  ]);
  return {
    pull: undefined,
    head,
    ...wantOf(outcome.models),
    branch: name,
    tip,
    baseTree: before.kind === "snapshot" ? before.snapshot.tree : before.tree,
    mergedTree: outcome.merged.tree,
    informational: outcome.informational,
  };
}
