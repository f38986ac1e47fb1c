import { calibrate, leastChunks } from "#core/drift/calibrate.ts";
import { defaultDriftSettings, type DriftSettings } from "#core/drift/drift-settings.ts";
import { judgeDrift } from "#core/drift/judge-drift.ts";
import type { DriftReport } from "#core/drift/drift-record.ts";
import { findMoves } from "#core/drift/judge-tables.ts";
import { settleDrift } from "#core/drift/settle-drift.ts";
import { renderDriftReport } from "#core/message/drift/render-drift-report.ts";
import { renderDrift } from "#core/message/terminal/render-drift.ts";
import type { TableProfile } from "#core/profile/table-profile.ts";
import { sayColumns } from "#data/table/read-table.ts";
import { splitNames } from "#data/table/split-names.ts";
import { ExitError } from "#cli/exit-error.ts";
import { readModel } from "#cli/data/read-model.ts";
import type { DriftOptions } from "./add-drift.ts";
import { readImportances } from "./read-importances.ts";
import { readParts, readSides, type Chosen, type Side } from "./read-side.ts";

/** Reads both sides, judges, prints. Throws an ExitError: 1 drift, 2 no answer. */
export async function runDrift(options: DriftOptions): Promise<void> {
  const written = readSettings(options, await readDefaults(options));
  const { reference, current, columns } = await readSides(options, chooseColumns(options, written));
  const asked = splitLists(written, columns);
  requireColumns(options, asked.without, { reference: reference.profile, columns });
  const settings = { ...asked, calibration: await readCalibration(options, reference.profile, asked) };
  const multivariate = options.multivariate === true ? await compareRows(reference, current, settings) : undefined;
  const report = judgeDrift({
    model: "",
    version: "",
    reference: { files: reference.names, profile: reference.profile },
    current: { files: current.names, profile: current.profile },
    settings,
    lead: undefined,
    multivariate,
    at: new Date().toISOString(),
  });
  process.stdout.write(`${render(report, options)}\n`);
  if (report.verdict === "drift") throw new ExitError(1, "", { said: true });
  if (report.verdict !== "quiet") throw new ExitError(2, report.because, { said: options.json !== true });
}

/** What the config leaves out or names need not be there. */
function chooseColumns(options: DriftOptions, { watched, without, names }: DriftSettings): Chosen {
  const isOwn = options.model === undefined;
  return {
    ...(watched === undefined ? {} : { columns: [...watched] }),
    ...(isOwn && options.without === undefined ? {} : { without: [...without] }),
    ...(isOwn && options.names === undefined ? {} : { names: [...names] }),
  };
}

function render(report: DriftReport, { json, markdown }: DriftOptions): string {
  if (json === true) return JSON.stringify(report, null, 2);
  return markdown === true ? renderDriftReport(report) : renderDrift(report);
}

async function readDefaults({ model: name, json, markdown }: DriftOptions): Promise<DriftSettings> {
  if (json === true && markdown === true) throw new ExitError(2, "Cannot print --json and --markdown at once: say one");
  return name === undefined ? defaultDriftSettings : settleDrift((await readModel(name)).model);
}

/** What is said here counts more than what the config says. */
function readSettings(options: DriftOptions, from: DriftSettings): DriftSettings {
  const { preset = from.preset, columns = from.watched, target = from.target, prediction = from.prediction } = options;
  const { without = from.without, names = from.names } = options;
  if (preset !== undefined && preset !== "evidently")
    throw new ExitError(2, `Cannot use --preset "${preset}": known is "evidently"`);
  if (preset !== undefined && (options.p ?? options.calibrate) !== undefined)
    throw new ExitError(2, `Cannot use --p or --calibrate with --preset: the preset brings its own limits`);
  const p = Number(options.p ?? from.p);
  if (!(p > 0 && p < 1))
    throw new ExitError(2, `Cannot use --p "${options.p}": write a number between 0 and 1, such as 0.01`);
  const importances =
    options.importances === undefined ? new Map<string, number>() : readImportances(options.importances);
  return { ...from, p, preset, watched: columns, without, target, prediction, names, importances };
}

/** Each name by itself: lists are written with commas or blanks. */
function splitLists({ watched, without, names, ...rest }: DriftSettings, columns: readonly string[]): DriftSettings {
  return {
    ...rest,
    watched: watched === undefined ? undefined : splitNames(watched, columns),
    without: splitNames(without, columns),
    names: splitNames(names, columns),
  };
}

/** A name that nothing has is a slip, not a quiet column. What is left out may be on either side. */
function requireColumns(
  { target, prediction, without: leftOut }: DriftOptions,
  without: readonly string[],
  { reference, columns }: { reference: TableProfile; columns: readonly string[] },
): void {
  const known = reference.columns.map(({ name }) => name);
  for (const [option, names, there, where] of [
    ["--target", [target], known, "in the reference"],
    ["--prediction", [prediction], known, "in the reference"],
    ["--without", leftOut === undefined ? [] : without, columns, "on either side"],
  ] as const)
    for (const name of names)
      if (name !== undefined && !there.includes(name))
        throw new ExitError(2, `Cannot find the column "${name}" of ${option} ${where}: ${sayColumns(name, there)}`);
}

async function readCalibration(
  options: DriftOptions,
  reference: TableProfile,
  settings: DriftSettings,
): Promise<ReadonlyMap<string, number>> {
  if (options.calibrate === undefined) return new Map();
  const chunks = await readParts(options.calibrate, "--calibrate", chooseColumns(options, settings));
  if (chunks.length < leastChunks)
    throw new ExitError(
      2,
      `Cannot calibrate with ${chunks.length} files: give ${leastChunks} or more parts of the past, a file each`,
    );
  return calibrate(reference, chunks, settings);
}

async function compareRows(reference: Side, current: Side, settings: DriftSettings) {
  const { sampleRows } = await import("#data/sample-rows.ts");
  const { judgeRows } = await import("#core/drift/rows/judge-rows.ts");
  if (reference.files === undefined || current.files === undefined)
    throw new ExitError(
      2,
      "Cannot train a classifier on a stored profile: --multivariate needs data files on both sides",
    );
  const columns = findMoves(reference.profile, current.profile, settings)
    .findings.filter(({ role, unknown }) => role === "feature" && unknown === undefined)
    .map(({ column }) => column);
  if (columns.length === 0)
    throw new ExitError(2, "Cannot train a classifier: the two sides share no column to learn from");
  return judgeRows(await sampleRows(reference.files, columns), await sampleRows(current.files, columns));
}
