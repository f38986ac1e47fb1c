import type { Command } from "commander";
import type { ProfileCommandOptions } from "./run-profile.ts";

const help = `
FILES are Parquet, CSV or ndjson (.parquet, .csv, .csv.gz, .ndjson, .jsonl, .jsonl.gz): names, or patterns in quotes. They
are one table, columns united by name. Parquet is read where it lies; the columns of text formats get the one type that
all their values have. What --out writes is small (about 5 KB a column of numbers), holds no rows, and stands in for the
data wherever a reference is asked for. It does hold the names in columns of text.

Parts merge to exactly what one run over everything gives: profile with --shard 1/8 to --shard 8/8 on eight machines,
then --merge what they wrote. Where files are fewer than shards, each shard takes some rows of every file.

Examples:
  trainyard data profile data/train.parquet
  trainyard data profile 'data/*.csv' --names zip,store --out profile.json
  trainyard data profile 'data/*.parquet' --shard 3/8 --out part-3.json
  trainyard data profile --merge part-*.json --out profile.json`;

/** `trainyard data profile`: what a table holds, in little. */
export function addProfile(data: Command): void {
  data
    .command("profile")
    .description("sum up what each column of a table holds")
    .argument("[files...]", "the data, or with --merge the profiles")
    .option("--out <file>", "write the profile here, as JSON")
    .option("--columns <names>", "only these columns, with commas between")
    .option("--without <names>", "all columns but these")
    .option("--names <names>", "columns of numbers that name things, such as a store's number")
    .option("--shard <k/n>", "only the k-th of n parts")
    .option("--merge", "the files are profiles of parts: put them together")
    .option("--json", "print the profile as JSON")
    .addHelpText("after", help)
    .action(async (files: string[], options: ProfileCommandOptions) => {
      // Only who profiles data loads what reads it.
      const { runProfile } = await import("./run-profile.ts");
      await runProfile(files, options);
    });
}
