import type { Command } from "commander";
import type { StatusOptions } from "./stored/run-status.ts";
import { withRepository } from "./stored/with-repository.ts";

const examples = `
Exit code 0: everything is as the pointers say; 1: something differs; 2: it could not be told.

Examples:
  trainyard data status
  trainyard data status --cloud --json`;

/** `trainyard data status`: is the data what its pointers say? */
export function addStatusOfData(data: Command): void {
  withRepository(
    data
      .command("status")
      .description("compare the clone with its pointers")
      .argument("[files...]", "data or pointers (default: every pointer of the clone)"),
  )
    .option("-c, --cloud", "look into the store too")
    .option("--json", "print it as JSON")
    .addHelpText("after", examples)
    .action(async (files: string[], options: StatusOptions) => {
      const { runStatus } = await import("./stored/run-status.ts");
      await runStatus(files, options);
    });
}
