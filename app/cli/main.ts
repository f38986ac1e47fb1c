import { Command, CommanderError } from "commander";
import { plainLines } from "#core/message/escape.ts";
import { addCheck } from "./check/check.ts";
import { addConfig } from "./config.ts";
import { addData } from "./data/data.ts";
import { addDemo } from "./demo/demo.ts";
import { addInit } from "./init/init.ts";
import { addRuns } from "./runs.ts";
import { addSandbox } from "./sandbox/sandbox.ts";
import { addServe } from "./serve.ts";
import { addStatus } from "./status.ts";
import { addApp } from "./app.ts";
import { describeError, ExitError } from "./exit-error.ts";
import { sayMistake } from "./say-mistake.ts";
import { version } from "./version.ts";
import { addWatch } from "./watch/watch.ts";

/** The command line. Exit codes: 0 pass, 1 the verdict is no, 2 no verdict could be reached. */
const program = new Command("trainyard")
  .description("The pull request as the control plane of machine learning")
  .version(version())
  .configureHelp({ sortSubcommands: true })
  .configureOutput({ outputError: (text, write) => write(`trainyard: ${sayMistake(text)}\n`) })
  .addHelpText(
    "after",
    "\nBegin with: trainyard demo, or trainyard init in a clone of your own. trainyard help COMMAND says more.",
  )
  .exitOverride();

for (const add of [
  addInit,
  addCheck,
  addConfig,
  addData,
  addRuns,
  addStatus,
  addServe,
  addSandbox,
  addApp,
  addDemo,
  addWatch,
])
  add(program);

// who pipes into `head` has read enough
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    if (!(error instanceof ExitError && error.said))
      process.stderr.write(plainLines(`trainyard: ${describeError(error)}\n`));
    process.exitCode = error instanceof ExitError ? error.code : 2;
  }
}
