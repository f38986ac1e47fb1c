import type { Command } from "commander";
import { renderRun, renderRunComparison, renderRunList } from "#core/message/terminal/render-runs.ts";
import { findRun } from "#flow/runs/find-run.ts";
import { pairRuns } from "#flow/runs/pair-runs.ts";
import { readRuns, type RecordedRun } from "#flow/runs/read-runs.ts";
import { ExitError } from "./exit-error.ts";
import { readNumber } from "./read-number.ts";
import { openRecords, type RecordsOptions } from "./runs/open-records.ts";

type Options = RecordsOptions & { json?: boolean };

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
    .action(async (options: Options & { model?: string; limit: string }) => {
      const limit = readNumber("--limit", options.limit, 1, 1_000_000);
      const all = await read(options);
      const chosen = options.model === undefined ? all : all.filter(({ run }) => run.model === options.model);
      if (options.model !== undefined && chosen.length === 0 && all.length > 0) {
        const names = [...new Set(all.map(({ run }) => run.model))].join(", ");
        throw new ExitError(2, `There is no run of a model "${options.model}"; there are runs of ${names}`);
      }
      const shown = chosen.slice(0, limit);
      const more = chosen.length - shown.length;
      print(
        options,
        shown.map(describe),
        () => `${renderRunList(shown)}${more > 0 ? `\nand ${more} older: say --limit ${chosen.length}` : ""}`,
      );
    });
  withSource(
    runs.command("show").description("everything that was recorded of a run").argument("<run>", "which run"),
  ).action(async (name: string, options: Options) => {
    const run = find(await read(options), name);
    print(options, { ...describe(run), comparisons: run.comparisons }, () => renderRun(run));
  });
  withSource(
    runs
      .command("compare")
      .description("two runs side by side: inputs, parameters, metrics")
      .argument("<a>", "a run")
      .argument("<b>", "the run that is compared with it"),
  ).action(async (first: string, second: string, options: Options) => {
    const all = await read(options);
    const [a, b] = [find(all, first), find(all, second)];
    const comparison = pairRuns(a, b);
    print(options, { a: describe(a), b: describe(b), comparison: comparison ?? null }, () =>
      renderRunComparison(a.run, b.run, comparison),
    );
  });
}

function withSource(command: Command): Command {
  return command
    .option("--repository <owner/name>", "read a repository by its API instead of the clone here")
    .option("--api <url>", "the service's API (default: github.com's, or beside the repository's address)")
    .option("--token <token>", "for private repositories; better in GITHUB_TOKEN")
    .option("--json", "print it as JSON, series in full")
    .addHelpText("after", examples);
}

async function read(options: RecordsOptions): Promise<readonly RecordedRun[]> {
  const records = await openRecords(options);
  try {
    return await readRuns(records);
  } finally {
    records.close();
  }
}

function find(runs: readonly RecordedRun[], name: string): RecordedRun {
  const found = findRun(runs, name);
  if (found.kind !== "run") throw new ExitError(2, found.because);
  return found.run;
}

function print(options: Options, json: unknown, say: () => string): void {
  process.stdout.write(`${options.json === true ? JSON.stringify(json, null, 2) : say()}\n`);
}

function describe({ run, version, stage, comparison }: RecordedRun): Record<string, unknown> {
  return { version: version ?? null, stages: stage?.split(", ") ?? [], run, comparison: comparison ?? null };
}
