import { sayWaiting } from "#core/message/say-waiting.ts";
import { identifyModel } from "#core/plan/identify.ts";
import type { Ports } from "#core/ports.ts";
import { observeDefault } from "#flow/observe/observe-default.ts";
import type { ObservedModel } from "#flow/observe/observe-merged.ts";
import { readSnapshot } from "#flow/observe/read-snapshot.ts";
import type { PullAnswer } from "./reconcile-pull.ts";

/**
 * What merging would ship besides, by model (law 2): what the default branch asks for and is not in production yet. Asks
 * nothing of anybody where production is what the base branch makes.
 */
export async function findWaiting(
  ports: Pick<Ports, "repository" | "pulls" | "tags" | "bytes" | "evidence">,
  { observed: { base, outcome } }: PullAnswer,
): Promise<ReadonlyMap<string, string>> {
  const waiting = new Map<string, string>();
  if (outcome.kind !== "models" || outcome.informational) return waiting;
  const before = await readSnapshot(ports.repository, base, base);
  if (before.kind !== "snapshot") return waiting;
  const { snapshot } = before;
  const isBehind = ({ change, facts }: ObservedModel): boolean => {
    const model = snapshot.config.models.get(change.name);
    if (change.kind !== "candidate" || model === undefined || facts.goesBackTo !== undefined) return false;
    if (change.pin !== undefined) return false;
    const production = facts.production?.standing.recipe;
    return change.merged.recipe !== production && identifyModel(model, snapshot.tree).recipe !== production;
  };
  const behind = outcome.models.filter(isBehind).map(({ change }) => change.name);
  if (behind.length === 0) return waiting;
  const { branch, models } = await observeDefault(ports, { approval: undefined, failures: [], expecting: false });
  for (const { change, decision } of models) {
    const said = behind.includes(change.name) ? sayWaiting(decision, branch) : undefined;
    if (said !== undefined) waiting.set(change.name, said);
  }
  return waiting;
}
