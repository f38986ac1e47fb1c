import type { Step } from "#sandbox/actions/workflow/workflow.ts";
import type { ResolvedAction } from "./resolve-action.ts";
import type { NodeActionRun } from "./run-node-action.ts";

/** An action of a job, found before its first step runs, as GitHub downloads them; `pre` has run if it has one. */
export type PreparedAction = {
  resolved: ResolvedAction;
  node: NodeActionRun | undefined;
  /** of a composite action */
  inner: Map<Step, PreparedAction>;
};

/** Finds the actions of some steps and of the composite actions among them. Those of the workspace come later. */
export async function prepareActions(
  steps: readonly Step[],
  find: (uses: string) => Promise<ResolvedAction>,
  findIn: (action: Extract<ResolvedAction, { kind: "action" }>) => (uses: string) => Promise<ResolvedAction>,
): Promise<Map<Step, PreparedAction>> {
  const prepared = new Map<Step, PreparedAction>();
  for (const step of steps) {
    if (step.kind !== "uses" || step.uses.startsWith("./")) continue;
    const resolved = await find(step.uses);
    prepared.set(step, await prepareAction(resolved, findIn));
  }
  return prepared;
}

/** Finds what is inside a composite action, too. */
export async function prepareAction(
  resolved: ResolvedAction,
  findIn: (action: Extract<ResolvedAction, { kind: "action" }>) => (uses: string) => Promise<ResolvedAction>,
): Promise<PreparedAction> {
  if (resolved.kind === "built-in") return { resolved, node: undefined, inner: new Map<Step, PreparedAction>() };
  const { runs } = resolved.action;
  return {
    resolved,
    node: runs.kind === "node" ? { action: resolved, state: {}, posted: false } : undefined,
    inner:
      runs.kind === "composite"
        ? await prepareActions(runs.steps, findIn(resolved), findIn)
        : new Map<Step, PreparedAction>(),
  };
}
