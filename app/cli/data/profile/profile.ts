import type { Command } from "commander";
import type { ProfileCommandOptions } from "./run-profile.ts";

const help = `
FILES are Parquet, CSV or ndjson (.parquet, .csv, .csv.gz, .ndjson, .jsonl, .jsonl.gz): names, or patterns in quotes. They
are one table, columns united by name. Parquet is read where it lies; the columns of text formats get the one type that
all their values have. What --out writes is small (about 5 KB a column of numbers), holds no rows, and stands in for the
data wherever a reference is asked for; named alone, it is shown. It does hold the names in columns of text.

Parts merge to exactly what one run over everything gives: profile with --shard 1/8 to --shard 8/8 on eight machines,
then --merge what they wrote. Where files are fewer than shards, each shard takes some rows of every file.

With --engine spark a table is profiled where it lies: the team's own spark-submit (--spark-submit, of SPARK_HOME, or on
PATH) runs plain queries and no row leaves it. What is written is the same as for the same rows in files here, and
merges and compares with it. --print-sql prints these queries and runs none.

Examples:
  trainyard data profile data/train.parquet
  trainyard data profile 'data/*.csv' --names zip,store --out profile.json
  trainyard data profile 'data/*.parquet' --shard 3/8 --out part-3.json
  trainyard data profile --merge part-*.json --out profile.json
  trainyard data profile --engine spark --table sales.orders --spark-conf spark.master=yarn --out profile.json
  trainyard data profile --print-sql --table sales.orders --columns-of part-0.parquet`;

/** `trainyard data profile`: what a table holds, in little. */
export function addProfile(data: Command): void {
  data
    .command("profile")
    .description("sum up what each column of a table holds")
    .argument("[files...]", "the data, or with --merge the profiles")
    .option("--out <file>", "write the profile here, as JSON")
    .option("--columns <names...>", "only these columns, with commas or blanks between")
    .option("--without <names...>", "all columns but these")
    .option("--names <names...>", "columns of numbers that name things, such as a store's number")
    .option("--shard <k/n>", "only the k-th of n parts")
    .option("--merge", "the files are profiles of parts: put them together")
    .option("--engine <name>", "who reads the table: spark")
    .option("--table <name>", "the engine's table, such as sales.orders, or a path of Parquet")
    .option("--spark-submit <path>", "the program spark-submit")
    .option("--spark-conf <key=value...>", "settings of Spark, such as spark.master=yarn")
    .option("--print-sql", "print the queries, and run none")
    .option("--dialect <name>", "of what is printed: spark or duckdb", "spark")
    .option("--columns-of <file>", "a file with the columns of the table, for --print-sql")
    .option("--json", "print the profile as JSON")
    .addHelpText("after", help)
    .action(async (files: string[], options: ProfileCommandOptions) => {
      // Only who profiles data loads what reads it.
      const { runProfile } = await import("./run-profile.ts");
      await runProfile(files, options);
    });
}
