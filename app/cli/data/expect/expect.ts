import type { Command } from "commander";
import type { ExpectOptions } from "./run-expect.ts";

/** `trainyard data expect FILE…`: a draft of what to expect of data. */
export function addExpect(data: Command): void {
  data
    .command("expect")
    .description("draft expectations from data that you trust")
    .argument("<files...>", "files of one table, or patterns of them (.csv, .csv.gz, .ndjson, .parquet)")
    .option("--out <file>", "write it to a new file instead of printing it")
    .option("--json", "print the drafts as JSON")
    .addHelpText(
      "after",
      `
What is printed is a list to paste below "expect:" of a model's config; behind each entry stands why it is there. Read
it: it holds for this data, and you know what must hold for the next.

Examples:
  trainyard data expect data/train.parquet
  trainyard data expect "data/weeks/*.csv" --out expect.yml && trainyard data validate new.csv --expect expect.yml`,
    )
    .action(async (files: string[], options: ExpectOptions) => {
      // Only who drafts loads the engine.
      const { runExpect } = await import("./run-expect.ts");
      await runExpect(files, options);
    });
}
