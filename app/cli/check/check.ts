import type { Command } from "commander";
import type { CheckOptions } from "./run-check.ts";

/** `trainyard check`: what a pull request of this clone would say, offline. */
export function addCheck(program: Command): void {
  program
    .command("check")
    .description(
      "say what a pull request with everything that lies in this clone would say: trains, compares and judges here",
    )
    .option("--repository <folder>", "a folder of the clone", ".")
    .option("--base <ref>", "what it would be merged into (default: the default branch, as it was fetched last)")
    .option("--json", "print verdict, recipe, evaluation, metrics and gates as JSON")
    .option("--no-train", "train nothing: answer from what this machine has trained before")
    .addHelpText(
      "after",
      `
Work on a branch: on the default branch itself nothing differs from it. Uncommitted changes are part of what is looked at. Nothing in the clone is changed; what was trained is kept in .git/trainyard, so that
nothing is trained twice. Secrets that the config names are read from the environment.

Exit codes: 0 it may be merged, 1 the verdict is no (or not yet), 2 no verdict could be reached.

Examples:
  trainyard check                          the branch that is checked out, against the default branch
  trainyard check --base HEAD~1            what the last commit alone changes
  trainyard check --json | jq .models      for programs`,
    )
    .action(async (options: CheckOptions) => {
      // Only who checks loads what checks.
      const { runCheck } = await import("./run-check.ts");
      await runCheck(options);
    });
}
