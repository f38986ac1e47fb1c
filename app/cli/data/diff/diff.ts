import type { Command } from "commander";
import { ExitError } from "#cli/exit-error.ts";
import type { DiffOptions } from "./run-diff.ts";

const help = `
BEFORE and AFTER are each a file, a pattern in quotes, or REV:PATTERN, the files of a commit (from the top of the
repository, no checkout). What a pointer stands for goes by its own name, by that of its folder or of the pointer; that of
a commit comes from the cache or the store. Names end in .csv, .csv.gz, .ndjson, .jsonl or .parquet; formats may differ, and equal values in
another encoding are equal. Without --key rows are compared as a whole, so that a row that changed is one removed and one
added. The command informs: it exits with 0 whatever changed, and with 2 where the data cannot be compared.

Examples:
  trainyard data diff main:data/train.csv data/train.csv --key customer
  trainyard data diff 'HEAD~1:data/*.parquet' 'data/*.parquet' --key id --label churned --holdout holdout.parquet
  trainyard data diff HEAD~1:data/orders data/orders --key order
  trainyard data diff old.csv new.parquet --key store,day --json`;

/** `trainyard data diff`: what two versions of a data set differ in. */
export function addDiff(data: Command): void {
  data
    .command("diff")
    .description("compare two versions of a data set")
    .usage("[options] <before> <after>")
    .argument("[before]", "the older version")
    .argument("[after]", "the newer version")
    .option("--key <columns...>", "columns that together name a row, with commas or blanks between")
    .option("--label <column>", "the column with the truth: its balance is compared")
    .option("--holdout <files...>", "files whose rows must not be in AFTER")
    .option("--id <column>", "the column that names a row of the holdout (default: the key, if it is one column)")
    .option("--json", "print it as JSON")
    .addHelpText("after", help)
    .action(async (first: string | undefined, second: string | undefined, options: DiffOptions) => {
      const [before, after] = takeVersions([first, second], options.key);
      if (before === undefined || after === undefined)
        throw new ExitError(2, `Missing required argument "${before === undefined ? "before" : "after"}"`);
      // Only who compares data loads what reads it.
      const { runDiff } = await import("./run-diff.ts");
      await runDiff(before, after, options);
    });
}

/** A list of columns takes every word behind it: versions that stand there are given back, where a column is left. */
function takeVersions(
  given: readonly (string | undefined)[],
  key: string[] | undefined,
): readonly (string | undefined)[] {
  const there = given.filter((version) => version !== undefined);
  const lacking = given.length - there.length;
  return [...there, ...(key ?? []).splice(Math.max(1, (key ?? []).length - lacking))];
}
