import type { Command } from "commander";
import type { RecordsOptions } from "./runs/open-records.ts";

/** `trainyard status`: what stands where. */
export function addStatus(program: Command): void {
  program
    .command("status")
    .description("what stands where for each model, since when, by which pull request, and what waits")
    .option("--repository <owner/name>", "ask a repository by its API instead of the clone here")
    .option("--api <url>", "the service's API (default: github.com's, or beside the repository's address)")
    .option("--token <token>", "for private repositories; better in GITHUB_TOKEN")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      `
In a clone, tags are read as they were fetched last (git fetch --tags); what waits, and for what, only the service knows.

Examples:
  trainyard status
  trainyard status --repository acme/churn --json`,
    )
    .action(async (options: RecordsOptions & { json?: boolean }) => {
      // Only who asks loads what answers.
      const [{ openRecords }, { readStatus }, { renderStatus }] = await Promise.all([
        import("./runs/open-records.ts"),
        import("#flow/status/read-status.ts"),
        import("#core/message/terminal/render-status.ts"),
      ]);
      const records = await openRecords(options);
      try {
        const models = await readStatus(records, records.service);
        // a key is there also where there is nothing to say
        const json = (): string => JSON.stringify(models, (_, value: unknown) => value ?? null, 2);
        process.stdout.write(`${options.json === true ? json() : renderStatus(models)}\n`);
      } finally {
        records.close();
      }
    });
}
