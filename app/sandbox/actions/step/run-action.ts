import { evaluateCondition } from "#sandbox/actions/expression/evaluate.ts";
import { evaluateTexts, evaluateText } from "#sandbox/actions/expression/evaluate-template.ts";
import type { Step } from "#sandbox/actions/workflow/workflow.ts";
import { actionInputs } from "./action-inputs.ts";
import type { StepPlace } from "./job-state.ts";
import type { ResolvedAction } from "./resolve-action.ts";
import { registerPost, runNodeStage } from "./run-node-action.ts";
import type { NodeActionRun } from "./run-node-action.ts";
import { runStep } from "./run-step.ts";
import type { StepCall } from "./step-call.ts";
import { scopeOf } from "./step-scope.ts";

type UsesStep = Extract<Step, { kind: "uses" }>;

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
    prepared.set(step, await prepareOne(resolved, findIn));
  }
  return prepared;
}

async function prepareOne(
  resolved: ResolvedAction,
  findIn: (action: Extract<ResolvedAction, { kind: "action" }>) => (uses: string) => Promise<ResolvedAction>,
): Promise<PreparedAction> {
  if (resolved.kind === "built-in") return { resolved, node: undefined, inner: new Map() };
  const { runs } = resolved.action;
  return {
    resolved,
    node: runs.kind === "node" ? { action: resolved, state: {}, posted: false } : undefined,
    inner: runs.kind === "composite" ? await prepareActions(runs.steps, findIn(resolved), findIn) : new Map(),
  };
}

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

/** Runs a `uses:` step of any kind. Answers its outputs. */
export async function runAction(
  call: StepCall,
  step: UsesStep,
  known: PreparedAction | undefined,
): Promise<Record<string, string>> {
  const { state, place } = call;
  const findIn = (action: Extract<ResolvedAction, { kind: "action" }>) => (uses: string) =>
    state.resolve(uses, action.source);
  const prepared = known ?? (await prepareOne(await state.resolve(step.uses, place.source), findIn));
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
    await runStep(call.state, inner, step, `${call.name}__${index + 1}`, prepared.inner.get(step));
  }
  const scope = scopeOf(call.state, inner, { ...call.state.env, ...inner.env });
  const outputs = Object.fromEntries([...runs.outputs].map(([key, value]) => [key, evaluateText(value, scope)]));
  if (inner.status === "failure") throw new CompositeFailure(outputs);
  return outputs;
}

/** A step inside failed; it has said so itself. */
export class CompositeFailure extends Error {
  readonly outputs: Readonly<Record<string, string>>;
  constructor(outputs: Readonly<Record<string, string>>) {
    super("");
    this.name = "CompositeFailure";
    this.outputs = outputs;
  }
}
