import type { Command } from "commander";

export type WatchOptions = { repository: string; markdown?: boolean; json?: boolean };

/** `trainyard watch`: what tonight's watch would find, offline. */
export function addWatch(program: Command): void {
  program
    .command("watch")
    .description("say what a watch of a model in production would find: runs its command for current data here")
    .argument("[model]", "the model; default: the only one that the config has watched")
    .option("--repository <folder>", "a folder of the clone", ".")
    .option("--markdown", "print the report as Markdown")
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      `
Goes by the config and the files as they lie here, uncommitted changes with them, and compares with the data of the
version in production, as the tags of this clone say: git fetch --tags first. Nothing is written, opened or trained; the
command "monitor: current: run:" works in a folder of its own. How far the lead over the baseline and the true
performance can be measured depends on what this machine holds of production.

Exit codes: 0 quiet, 1 drift, 2 no answer.

Examples:
  trainyard watch
  trainyard watch churn --json | jq .columns`,
    )
    .action(async (model: string | undefined, options: WatchOptions) => {
      // Only who watches loads what watches.
      const { runWatch } = await import("./run-watch.ts");
      await runWatch(model, options);
    });
}
