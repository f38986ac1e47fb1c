import { randomUUID } from "node:crypto";
import { chmod, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { evaluateText } from "#sandbox/actions/expression/evaluate-template.ts";
import type { Step } from "#sandbox/actions/workflow/workflow.ts";
import type { StepCall } from "./step-call.ts";
import { openCommandFiles } from "./command-files.ts";
import { createOutputHandler } from "./handle-output.ts";
import type { Said } from "./handle-output.ts";
import { runProcess } from "./run-process.ts";
import { StepFailure } from "./step-failure.ts";
import { stepEnvironment } from "./step-environment.ts";

/** What the built-in names of `shell:` run, and the ending of their script; "" is no shell named. */
const shells: Readonly<Record<string, { template: string; ending: string }>> = {
  "": { template: "bash -e {0}", ending: ".sh" },
  bash: { template: "bash --noprofile --norc -eo pipefail {0}", ending: ".sh" },
  sh: { template: "sh -e {0}", ending: ".sh" },
  python: { template: "python {0}", ending: ".py" },
};

/** Runs a `run:` step. */
export async function runScript(call: StepCall, step: Extract<Step, { kind: "run" }>): Promise<Record<string, string>> {
  const { state, place, scope } = call;
  const defaults = place.kind === "job" ? state.defaults : undefined;
  const shell = evaluateText(step.shell, scope) || (defaults?.shell ?? "");
  const known = shells[shell] ?? { template: shell, ending: "" };
  if (!known.template.includes("{0}")) {
    throw new Error(`Invalid shell option "${shell}": it must be bash, sh, python or a text with {0} for the script`);
  }
  const script = join(state.machine.temp, `${randomUUID()}${known.ending}`);
  const text = evaluateText(step.run, scope);
  await writeFile(script, text.endsWith("\n") ? text : `${text}\n`);
  await chmod(script, 0o755);

  state.log.line(`##[group]Run ${text.split("\n")[0] ?? ""}`);
  for (const line of text.trimEnd().split("\n")) state.log.line(line);
  state.log.line(`shell: ${known.template}`);
  state.log.line("##[endgroup]");

  const files = await openCommandFiles(state);
  const said: Said = { outputs: {}, state: {} };
  const written = evaluateText(step.workingDirectory, scope) || defaults?.workingDirectory;
  const [command = "bash", ...args] = known.template
    .split(" ")
    .filter(Boolean)
    .map((part) => part.replaceAll("{0}", script));
  const code = await runProcess(state, {
    command,
    args,
    folder: resolve(state.machine.workspace, written ?? ""),
    env: stepEnvironment(state, place, { env: call.env, action: call.name, files: files.variables }),
    onLine: createOutputHandler(state, said),
    cancellation: call.cancellation,
  });
  const collected = await files.collect();
  const outputs = { ...said.outputs, ...collected.outputs };
  if (code !== 0 && call.cancellation.level === "none") {
    throw new StepFailure(`Process completed with exit code ${code}.`, outputs);
  }
  return outputs;
}
