import type { Command } from "commander";
import { readNumber } from "./read-number.ts";
import type { RunsOptions } from "./runs/run-records.ts";

const examples = `
RUN is a version (v1.1.0, or churn@v1.1.0), a run's key, or the beginning of its recipe, artifact or commit.

In a clone the branch "trainyard" is read as it was fetched last, and what "trainyard check" trained on this machine. With
--repository it is read by the API.

Examples:
  trainyard runs list
  trainyard runs show v1.1.0
  trainyard runs compare v1.0.0 v1.1.0
  trainyard runs list --repository acme/churn --json`;

/** `trainyard runs`: what was trained, with which result. */
export function addRuns(program: Command): void {
  const runs = program
    .command("runs")
    .description("list, show and compare what was trained")
    .addHelpText("after", examples);
  withSource(runs.command("list").description("every run, newest first"))
    .option("--model <name>", "only runs of this model")
    .option("--limit <number>", "at most so many", "30")
    .action(async (options: RunsOptions & { model?: string; limit: string }) => {
      const limit = readNumber("--limit", options.limit, 1, 1_000_000);
      const { listRuns } = await load();
      await listRuns({ ...options, model: options.model, limit });
    });
  withSource(
    runs.command("show").description("everything that was recorded of a run").argument("<run>", "which run"),
  ).action(async (name: string, options: RunsOptions) => {
    const { showRun } = await load();
    await showRun(name, options);
  });
  withSource(
    runs
      .command("compare")
      .description("two runs side by side: inputs, parameters, metrics")
      .argument("<a>", "a run")
      .argument("<b>", "the run that is compared with it"),
  ).action(async (first: string, second: string, options: RunsOptions) => {
    const { compareRuns } = await load();
    await compareRuns(first, second, options);
  });
}

/** Only who reads records loads what reads them. */
const load = async () => await import("./runs/run-records.ts");

function withSource(command: Command): Command {
  return command
    .option("--repository <owner/name>", "read a repository by its API instead of the clone here")
    .option("--api <url>", "the service's API (default: github.com's, or beside the repository's address)")
    .option("--token <token>", "for private repositories; better in GITHUB_TOKEN")
    .option("--json", "print it as JSON, series in full")
    .addHelpText("after", examples);
}
