import { statSync } from "node:fs";
import type { Command } from "commander";
import { ExitError } from "#cli/exit-error.ts";
import { readNumber } from "#cli/read-number.ts";

type Options = { port: string; state?: string; app: boolean };

/** `trainyard sandbox up [FOLDER]`: a GitHub on this machine, with a repository made from a folder. */
export function addSandbox(program: Command): void {
  const sandbox = program.command("sandbox").description("a GitHub on this machine: git, API, workflows, the app");
  sandbox
    .command("up")
    .description("start one, with a repository made from a folder, and leave it running")
    .argument("[folder]", "what the repository is made from")
    .option("--port <number>", "where it listens (0: any free port)", "0")
    .option(
      "--state <folder>",
      "where it keeps its state; a folder that was used before goes on (default: a temporary one, which is removed)",
    )
    .option("--no-app", "without the Probot app: the workflow's own token writes")
    .addHelpText(
      "after",
      `
Jobs find the programs that you find: the folders of your PATH, such as those of an active virtual environment, are in
theirs. Nothing else of your environment is, and HOME is an empty folder.

Example:
  trainyard sandbox up my-model --state ~/sandbox --port 3100
  git clone http://you:TOKEN@127.0.0.1:3100/you/my-model.git      as it says when it is up
  curl -H "Authorization: Bearer TOKEN" http://127.0.0.1:3100/api/v3/repos/you/my-model/pulls \\
    -d '{"title": "Better", "head": "better", "base": "main"}'`,
    )
    .action(async (folder: string | undefined, options: Options) => {
      const port = readNumber("--port", options.port, 0, 65_535);
      if (folder !== undefined && statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
        throw new ExitError(2, `Cannot make a repository from "${folder}": there is no such folder`);
      // Only who starts a sandbox loads it.
      const { runSandbox } = await import("./run-sandbox.ts");
      await runSandbox({ folder, port, state: options.state, app: options.app });
    });
}
