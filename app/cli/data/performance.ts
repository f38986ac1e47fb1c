import type { Command } from "commander";

const examples = `
Where labels have come, metrics are measured, with 95 % intervals. Rows that still wait for theirs are estimated from the
scores, calibrated on the reference (or on the labelled rows): marked as an estimate, never a verdict. Lists are written
with commas or blanks.

Exit code: 0 holds or too little to judge, 1 worse than the reference, 2 no answer, such as labels of other rows only.

Examples:
  trainyard data performance --predictions answers.csv --labels truth.csv --id customer --score p --label churned
  trainyard data performance --predictions 'log/*.csv' --labels 'truth/*.csv' --id id --score p --label y \\
    --reference-predictions holdout-answers.csv --reference-labels holdout.csv --json`;

export type PerformanceOptions = {
  predictions: string[];
  labels?: string[];
  referencePredictions?: string[];
  referenceLabels?: string[];
  id: string;
  score: string;
  label: string;
  metrics: string[];
  json?: boolean;
};

/** `trainyard data performance`: how well answers were, where the truth is known and where it is not yet. */
export function addPerformance(data: Command): void {
  data
    .command("performance")
    .description("measure answers where labels have come, estimate where they have not")
    .requiredOption("--predictions <files...>", "what was answered: id and score")
    .option("--labels <files...>", "what came true: id and label, 0 or 1; may come late")
    .option("--reference-predictions <files...>", "answers at promotion, such as those on the holdout")
    .option("--reference-labels <files...>", "their labels")
    .requiredOption("--id <column>", "the column both are joined by")
    .requiredOption("--score <column>", "the probability of 1")
    .requiredOption("--label <column>", "the truth")
    .option("--metrics <names...>", "auc, log_loss, accuracy, precision, recall", ["auc", "log_loss"])
    .option("--json", "print it as JSON")
    .addHelpText("after", examples)
    .action(async (options: PerformanceOptions) => {
      const { tellPerformance } = await import("./tell-performance.ts");
      await tellPerformance(options);
    });
}
