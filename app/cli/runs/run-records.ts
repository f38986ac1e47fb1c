import { ExitError } from "#cli/exit-error.ts";
import { renderRun, renderRunComparison, renderRunList } from "#core/message/terminal/render-runs.ts";
import { findRun } from "#flow/runs/find-run.ts";
import { pairRuns } from "#flow/runs/pair-runs.ts";
import { readRuns, type RecordedRun } from "#flow/runs/read-runs.ts";
import { openRecords, type RecordsOptions } from "./open-records.ts";

export type RunsOptions = RecordsOptions & { json?: boolean };

/** Prints the newest runs, of one model where it is named. */
export async function listRuns(options: RunsOptions & { model: string | undefined; limit: number }): Promise<void> {
  const all = await read(options);
  const chosen = options.model === undefined ? all : all.filter(({ names }) => names.includes(options.model ?? ""));
  if (options.model !== undefined && chosen.length === 0 && all.length > 0) {
    const names = [...new Set(all.map(({ model }) => model))].join(", ");
    throw new ExitError(2, `There is no run of a model "${options.model}"; there are runs of ${names}`);
  }
  const shown = chosen.slice(0, options.limit);
  const more = chosen.length - shown.length;
  const say = (): string =>
    `${renderRunList(shown)}${more > 0 ? `\nand ${more} older: say --limit ${chosen.length}` : ""}`;
  print(options, shown.map(describe), say);
}

/** Prints everything that was recorded of a run. */
export async function showRun(name: string, options: RunsOptions): Promise<void> {
  const run = find(await read(options), name);
  print(options, { ...describe(run), comparisons: run.comparisons }, () => renderRun(run));
}

/** Prints two runs side by side. */
export async function compareRuns(first: string, second: string, options: RunsOptions): Promise<void> {
  const all = await read(options);
  const [a, b] = [find(all, first), find(all, second)];
  const comparison = pairRuns(a, b);
  print(options, { a: describe(a), b: describe(b), comparison: comparison ?? null }, () =>
    renderRunComparison(a.run, b.run, comparison, [a.version ?? a.run.key, b.version ?? b.run.key]),
  );
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

function print(options: RunsOptions, json: unknown, say: () => string): void {
  process.stdout.write(`${options.json === true ? JSON.stringify(json, null, 2) : say()}\n`);
}

function describe({ run, model, version, stage, comparison }: RecordedRun): Record<string, unknown> {
  return { model, version: version ?? null, stages: stage?.split(", ") ?? [], run, comparison: comparison ?? null };
}
