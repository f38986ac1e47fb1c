import type { Command } from "commander";
import type { InitOptions } from "./run-init.ts";

/** `trainyard init`: a first config and the workflow, by looking at the repository. */
export function addInit(program: Command): void {
  program
    .command("init")
    .description("write a first config and the workflow for this clone, and say what was guessed from where")
    .option("--repository <folder>", "a folder of the clone", ".")
    .option("--model <name>", "the model's name (default: the repository's)")
    .option("--ref <ref>", "the commit, tag or branch of trainyard/trainyard that the workflow calls", "main")
    .option("--branch <name>", "the default branch (default: as the clone knows it)")
    .option("--expanded", "write the whole loop out, for steps, containers or permissions of your own")
    .option("--force", "write over files that are there")
    .option("--dry-run", "write nothing: print the files")
    .option("--json", "print what was guessed as JSON")
    .addHelpText(
      "after",
      `
It reads what says how the model is made (dvc.yaml, MLproject, package.json, Makefile, train.* and predict.*),
what installs it (uv, Poetry, pip, conda, npm, renv) and the header of a table called holdout or test. It runs
nothing. What it cannot tell stays in the config as a comment that says what to fill in. Two files are written:
.github/trainyard.yml and .github/workflows/trainyard.yml; both or none, and none that is there without --force.

Exit codes: 0 written, 1 a file is there already, 2 nothing could be said.

Examples:
  trainyard init --dry-run                 look at it first
  trainyard init --model churn --ref 3f2a…  pinned to a commit of trainyard/trainyard
  trainyard init --json | jq .open         what a person has to fill in`,
    )
    .action(async (options: InitOptions) => {
      // Only who begins loads what guesses.
      const { runInit } = await import("./run-init.ts");
      await runInit(options);
    });
}
