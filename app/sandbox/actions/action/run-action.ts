import { evaluateTexts, evaluateText } from "#sandbox/actions/expression/evaluate-template.ts";
import type { Step } from "#sandbox/actions/workflow/workflow.ts";
import { actionInputs } from "./action-inputs.ts";
import type { StepPlace } from "#sandbox/actions/step/job-state.ts";
import type { ResolvedAction } from "./resolve-action.ts";
import { registerPost, runNodeStage } from "./run-node-action.ts";
import { prepareAction } from "./prepared-action.ts";
import type { PreparedAction } from "./prepared-action.ts";
import type { StepCall } from "#sandbox/actions/step/step-call.ts";
import { StepFailure } from "#sandbox/actions/step/step-failure.ts";
import { scopeOf } from "#sandbox/actions/step/step-scope.ts";

type UsesStep = Extract<Step, { kind: "uses" }>;

/** Runs a `uses:` step of any kind. Answers its outputs. */
export async function runAction(
  call: StepCall,
  step: UsesStep,
  known: PreparedAction | undefined,
): Promise<Record<string, string>> {
  const { state, place } = call;
  const findIn = (action: Extract<ResolvedAction, { kind: "action" }>) => (uses: string) =>
    state.resolve(uses, action.source);
  const prepared = known ?? (await prepareAction(await state.resolve(step.uses, place.source), findIn));
  const { resolved } = prepared;
  const name = evaluateText(step.name, call.scope) || step.uses;
  state.log.line(`##[group]Run ${step.uses}`);
  for (const [key, value] of Object.entries(evaluateTexts(step.with, call.scope))) {
    state.log.line(`  ${key}: ${value}`);
  }
  state.log.line("##[endgroup]");
  if (resolved.kind === "built-in") {
    const { outputs, post } = await resolved.builtIn(call, actionInputs(undefined, step.with, call.scope));
    if (post !== undefined) {
      state.posts.push({
        name: `Post ${name}`,
        async run() {
          await post({ ...call, cancellation: state.cancellation.child(() => false) });
          return "success";
        },
      });
    }
    return outputs ?? {};
  }
  const inputs = actionInputs(resolved.action, step.with, call.scope);
  const { runs } = resolved.action;
  if (runs.kind === "composite") return runComposite(call, resolved, prepared, inputs);
  const node = prepared.node ?? { action: resolved, state: {}, posted: false };
  registerPost(node, name, call, inputs);
  return runNodeStage(node, runs.main, call, inputs);
}

async function runComposite(
  call: StepCall,
  resolved: Extract<ResolvedAction, { kind: "action" }>,
  prepared: PreparedAction,
  inputs: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const { runs } = resolved.action;
  if (runs.kind !== "composite") return {};
  const inner: StepPlace = {
    kind: "composite",
    source: resolved.source,
    steps: {},
    inputs,
    env: { ...call.place.env, ...call.ownEnv },
    action: {
      name: call.name,
      path: resolved.folder,
      repository: resolved.repository,
      ref: resolved.ref,
    },
    status: "success",
    cancellation: call.cancellation,
  };
  for (const [index, step] of runs.steps.entries()) {
    await call.state.runStep(inner, step, `${call.name}__${index + 1}`, prepared.inner.get(step));
  }
  const scope = scopeOf(call.state, inner, { ...call.state.env, ...inner.env });
  const outputs = Object.fromEntries([...runs.outputs].map(([key, value]) => [key, evaluateText(value, scope)]));
  if (inner.status === "failure") throw new StepFailure("", outputs);
  return outputs;
}
