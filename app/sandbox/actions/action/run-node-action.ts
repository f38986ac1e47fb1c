import { join } from "node:path";
import { evaluateCondition } from "#sandbox/actions/expression/evaluate.ts";
import { inputVariables } from "./action-inputs.ts";
import { openCommandFiles } from "#sandbox/actions/step/command-files.ts";
import { createOutputHandler } from "#sandbox/actions/step/handle-output.ts";
import type { Said } from "#sandbox/actions/step/handle-output.ts";
import type { ResolvedAction } from "./resolve-action.ts";
import { runProcess } from "#sandbox/actions/step/run-process.ts";
import type { StepCall } from "#sandbox/actions/step/step-call.ts";
import { StepFailure } from "#sandbox/actions/step/step-failure.ts";
import { serviceVariables, stepEnvironment } from "#sandbox/actions/step/step-environment.ts";

type NodeAction = Extract<ResolvedAction, { kind: "action" }>;

/** One JavaScript action of one step: its stages share a state. */
export type NodeActionRun = { action: NodeAction; state: Record<string, string>; posted: boolean };

/** Runs a stage of a JavaScript action with the Node that runs this program. Answers its outputs. */
export async function runNodeStage(
  run: NodeActionRun,
  file: string,
  call: StepCall,
  inputs: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const { state, place } = call;
  const files = await openCommandFiles(state);
  const said: Said = { outputs: {}, state: {} };
  const own = {
    ...place,
    action: { name: call.name, path: "", repository: run.action.repository, ref: run.action.ref },
  };
  const env = stepEnvironment(state, own, {
    env: call.env,
    action: call.name,
    files: {
      ...files.variables,
      ...inputVariables(inputs),
      ...serviceVariables(state),
      ...Object.fromEntries(Object.entries(run.state).map(([key, value]) => [`STATE_${key}`, value])),
    },
  });
  // Set for composite actions only.
  delete env["GITHUB_ACTION_PATH"];
  const code = await runProcess(state, {
    command: process.execPath,
    args: [join(run.action.folder, file)],
    folder: state.machine.workspace,
    env,
    onLine: createOutputHandler(state, said),
    cancellation: call.cancellation,
  });
  const collected = await files.collect();
  Object.assign(run.state, said.state, collected.state);
  const outputs = { ...said.outputs, ...collected.outputs };
  if (code !== 0 && call.cancellation.level === "none") {
    throw new StepFailure(`"${run.action.label}" ended with exit code ${code}`, outputs);
  }
  return outputs;
}

/** Puts the action's post stage, if it has one, on the job's pile. */
export function registerPost(
  run: NodeActionRun,
  name: string,
  call: StepCall,
  inputs: Readonly<Record<string, string>>,
): void {
  const runs = run.action.action.runs;
  if (runs.kind !== "node" || runs.post === undefined || run.posted) return;
  run.posted = true;
  const { post, postIf } = runs;
  call.state.posts.push({
    name: `Post ${name}`,
    async run() {
      if (!evaluateCondition(postIf, call.scope)) return "skipped";
      const cancellation = call.state.cancellation.child(() => false);
      await runNodeStage(run, post, { ...call, cancellation }, inputs);
      return "success";
    },
  });
}
