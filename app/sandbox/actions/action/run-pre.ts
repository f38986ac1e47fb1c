import { evaluateCondition } from "#sandbox/actions/expression/evaluate.ts";
import type { Step } from "#sandbox/actions/workflow/workflow.ts";
import { actionInputs } from "./action-inputs.ts";
import type { PreparedAction } from "./prepared-action.ts";
import { registerPost, runNodeStage } from "./run-node-action.ts";
import type { StepCall } from "#sandbox/actions/step/step-call.ts";

/** Runs the `pre` stages of prepared actions, in order, those inside composite actions too. */
export async function runPre(
  prepared: ReadonlyMap<Step, PreparedAction>,
  callOf: (step: Step) => StepCall,
  announce: (name: string, run: () => Promise<void>) => Promise<void>,
): Promise<void> {
  for (const [step, action] of prepared) {
    await runPre(action.inner, callOf, announce);
    const node = action.node;
    const runs = node?.action.action.runs;
    if (node === undefined || runs?.kind !== "node" || runs.pre === undefined || step.kind !== "uses") continue;
    const call = callOf(step);
    if (!evaluateCondition(runs.preIf, call.scope)) continue;
    const { pre } = runs;
    await announce(`Pre ${step.uses}`, async () => {
      const inputs = actionInputs(node.action.action, step.with, call.scope);
      registerPost(node, step.uses, call, inputs);
      await runNodeStage(node, pre, call, inputs);
    });
  }
}
