import type { Command } from "commander";
import type { PullOptions } from "./stored/run-pull.ts";
import { withRepository } from "./stored/with-repository.ts";

const examples = `
Every file is verified by MD5, and by SHA-256 where its pointer has one, before it stands under its name. What broke off
goes on where it broke when the command is given again.

Examples:
  trainyard data pull
  trainyard data pull data/train.csv`;

/** `trainyard data pull`: brings what pointers stand for. */
export function addPull(data: Command): void {
  withRepository(
    data
      .command("pull")
      .description("bring what pointers stand for to where it belongs")
      .argument("[files...]", "data or pointers (default: every pointer of the clone)"),
  )
    .option("--force", "replace files that were changed and are stored nowhere")
    .option("--json", "print what was done as JSON")
    .addHelpText("after", examples)
    .action(async (files: string[], options: PullOptions) => {
      const { runPull } = await import("./stored/run-pull.ts");
      await runPull(files, options);
    });
}
