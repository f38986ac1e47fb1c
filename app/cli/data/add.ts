import type { Command } from "commander";
import type { AddOptions } from "./stored/run-add.ts";
import { withRepository } from "./stored/with-repository.ts";

const examples = `
Keeps the bytes in the cache (.dvc/cache) and in the store, writes FILE.dvc beside the file and a line into .gitignore. DVC
reads all of it: "dvc pull" works on what this has stored, and the other way round.

Examples:
  trainyard data add data/train.csv
  trainyard data add data/images --no-push`;

/** `trainyard data add`: keeps files outside of git, under a pointer. */
export function addAdd(data: Command): void {
  withRepository(
    data
      .command("add")
      .description("store files and folders, and leave pointers in git")
      .argument("<files...>", "files and folders"),
  )
    .option("--no-push", "keep it on this machine for now")
    .option("--json", "print what was added as JSON")
    .addHelpText("after", examples)
    .action(async (files: string[], options: AddOptions) => {
      const { runAdd } = await import("./stored/run-add.ts");
      await runAdd(files, options);
    });
}
