import type { Command } from "commander";
import type { PushOptions } from "./stored/run-push.ts";
import { withRepository } from "./stored/with-repository.ts";

const examples = `
Examples:
  trainyard data push
  trainyard data push data/train.csv.dvc --json`;

/** `trainyard data push`: sends what the store lacks. */
export function addPush(data: Command): void {
  withRepository(
    data
      .command("push")
      .description("send to the store what it lacks of the pointers' data")
      .argument("[files...]", "data or pointers (default: every pointer of the clone)"),
  )
    .option("--json", "print what was sent as JSON")
    .addHelpText("after", examples)
    .action(async (files: string[], options: PushOptions) => {
      const { runPush } = await import("./stored/run-push.ts");
      await runPush(files, options);
    });
}
