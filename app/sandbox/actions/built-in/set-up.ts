import { runProcess } from "#sandbox/actions/step/run-process.ts";
import { stepEnvironment } from "#sandbox/actions/step/step-environment.ts";
import type { BuiltIn } from "./built-in.ts";

/** A set-up action installs nothing here: it only looks whether the tool is there, and says its version. */
export function setUp(tool: string): BuiltIn {
  return async (call) => {
    const lines: string[] = [];
    const code = await runProcess(call.state, {
      command: tool,
      args: ["--version"],
      folder: call.state.machine.workspace,
      env: stepEnvironment(call.state, call.place, { env: call.env, action: call.name, files: {} }),
      onLine: (line) => lines.push(line),
      cancellation: call.cancellation,
    });
    if (code !== 0) {
      throw new Error(
        `The sandbox installs no tools, and "${tool}" is not on this machine. Install it, or add its folder with the setting "runnerPath"`,
      );
    }
    const version = (lines[0] ?? "").replace(/^\D*/, "");
    call.state.log.line(`The sandbox uses the ${tool} of this machine: ${version}`);
    return { outputs: { [`${tool.replace(/\d+$/, "")}-version`]: version } };
  };
}
