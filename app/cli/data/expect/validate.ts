import type { Command } from "commander";
import type { ValidateOptions } from "./run-validate.ts";

/** `trainyard data validate FILES…`: what is expected of data, looked up in it. */
export function addValidate(data: Command): void {
  data
    .command("validate")
    .description("check what is expected of data: every row, in one scan")
    .argument("<files...>", "files of one table, or patterns of them (.csv, .csv.gz, .ndjson, .parquet)")
    .option("--model <name>", "by the expectations of this model of the config (default: the only one)")
    .option("--expect <file>", "by the expectations of this file: a YAML list as below expect: of a config")
    .option("--all", "list what holds, too")
    .option("--json", "print every expectation with counts, shares, values and rows as JSON")
    .addHelpText(
      "after",
      `
What fails comes first, then warnings, then what could not be checked; what holds is counted in the last line.
Paths that expectations refer to are those of the repository, or with --expect those of the folder you are in.

Exit codes: 0 everything holds, or only warnings do not; 1 something fails; 2 something could not be checked.

Examples:
  trainyard data validate "data/weeks/*.csv"
  trainyard data validate data/train.parquet --model churn --json | jq '.expectations[] | select(.kind != "pass")'
  trainyard data expect data/train.parquet --out expect.yml && trainyard data validate new.parquet --expect expect.yml`,
    )
    .action(async (files: string[], options: ValidateOptions) => {
      // Only who validates loads the engine.
      const { runValidate } = await import("./run-validate.ts");
      await runValidate(files, options);
    });
}
