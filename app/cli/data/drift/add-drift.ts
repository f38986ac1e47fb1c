import type { Command } from "commander";

export type DriftOptions = {
  reference: string[];
  current: string[];
  columns?: string[];
  without?: string[];
  target?: string;
  prediction?: string;
  names?: string[];
  importances?: string;
  calibrate?: string[];
  preset?: string;
  multivariate?: boolean;
  p?: string;
  model?: string;
  markdown?: boolean;
  json?: boolean;
};

/** `trainyard data drift`: has the data moved away from a reference, and how far. */
export function addDrift(data: Command): void {
  data
    .command("drift")
    .description("has current data moved away from a reference, and how far")
    .requiredOption("--reference <files...>", "what to compare with: data files, patterns, or a stored profile (.json)")
    .requiredOption("--current <files...>", "what has come: the same")
    .option("--columns <names...>", "look at these columns only, ids and times among them too")
    .option("--without <names...>", "leave these columns out")
    .option("--target <column>", "the label: held to stricter thresholds")
    .option("--prediction <column>", "the model's answer: stricter too")
    .option("--names <columns...>", "columns that name things although they look like numbers")
    .option("--importances <file>", "JSON map from column to what the model makes of it: ranks by impact")
    .option("--calibrate <files...>", "ten or more parts of the past (days, weeks): what they show is no drift")
    .option("--preset <name>", "another tool's default rules: evidently")
    .option("--multivariate", "train a classifier to tell the two sides apart (needs data files)")
    .option("--p <number>", "an effect counts with an adjusted p up to this (default: 0.01)")
    .option("--model <name>", "go by monitor: drift: of this model in the config")
    .option("--markdown", "print the report as Markdown, for a pull request or a colleague")
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      `
A column drifts if its effect reaches the threshold and chance alone would not do it. docs/drift.md says what the
numbers mean. Lists of columns are written with commas or blanks between. Exit code: 0 nothing drifted, 1 drift, 2 no
answer (too few rows, files that cannot be read).

Examples:
  trainyard data drift --reference train.parquet --current today.parquet --target churned
  trainyard data drift --reference profile.json --current 'days/*.csv' --json
  trainyard data drift --reference profile.json --current now.csv --model churn --markdown
  trainyard data drift --reference 'weeks/*.csv' --current now.csv --calibrate 'weeks/*.csv'`,
    )
    .action(async (options: DriftOptions) => {
      // Only who asks loads what answers.
      const { runDrift } = await import("./run-drift.ts");
      await runDrift(options);
    });
}
