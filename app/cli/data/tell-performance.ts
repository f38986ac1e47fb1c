import { findBuiltin, listBuiltins } from "#core/config/builtin-metrics.ts";
import type { MetricDefinition } from "#core/config/config.ts";
import type { EstimateRecord } from "#core/evidence.ts";
import type { PerformanceRecord } from "#core/performance/performance-record.ts";
import { measureBinary } from "#core/evaluation/measure-binary.ts";
import { alignColumns } from "#core/message/terminal/align-columns.ts";
import { judgePerformance, type LabelledScores } from "#core/performance/judge-performance.ts";
import type { Estimate } from "#core/statistics/estimate.ts";
import { readOutcomes } from "#data/performance/read-outcomes.ts";
import { ExitError } from "#cli/exit-error.ts";
import { findFiles } from "./find-files.ts";
import type { PerformanceOptions } from "./performance.ts";

/** Reads, judges and prints. Throws an ExitError: 1 where it is worse, 2 where no answer could be reached. */
export async function tellPerformance(options: PerformanceOptions): Promise<void> {
  const metrics = readMetrics(options.metrics);
  const read = async (predictions: string[], labels: string[] | undefined, prefix: string) =>
    await readOutcomes(
      await findFiles(predictions, `--${prefix}predictions`),
      await findFiles(labels ?? [], `--${prefix}labels`),
      options,
    );
  const { referencePredictions, referenceLabels } = options;
  if ((referencePredictions === undefined) !== (referenceLabels === undefined))
    throw new ExitError(2, "--reference-predictions and --reference-labels belong together: name both or none");
  const reference =
    referencePredictions === undefined
      ? undefined
      : (await read(referencePredictions, referenceLabels, "reference-")).labelled;
  const outcomes = await read(options.predictions, options.labels, "");
  const record = judgePerformance({
    metrics,
    gates: [],
    ...outcomes,
    reference,
    atPromotion: reference === undefined ? new Map() : measureReference(metrics, reference),
  });
  const { replaced } = outcomes;
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ schema: "trainyard/performance/1", ...record, replaced }, null, 2)}\n`
      : `${printPerformance(record, replaced)}\n`,
  );
  if (record.verdict === "worse") throw new ExitError(1, "", { said: true });
}

function readMetrics(names: string): readonly MetricDefinition[] {
  return names.split(",").map((written) => {
    const name = written.trim();
    const builtin = findBuiltin("binary", name);
    if (builtin === undefined)
      throw new ExitError(2, `"${name}" of --metrics is no metric: there are ${listBuiltins("binary").join(", ")}`);
    return { name, better: builtin.better, unit: undefined, definition: builtin.define({}) };
  });
}

function measureReference(
  metrics: readonly MetricDefinition[],
  { scores, labels }: LabelledScores,
): ReadonlyMap<string, Estimate> {
  return new Map(
    metrics.flatMap((metric) => {
      const measured = measureBinary(metric, labels)?.single({ subject: "", scores, own: new Map() });
      return measured === undefined || !Number.isFinite(measured.point) ? [] : [[metric.name, measured] as const];
    }),
  );
}

function printPerformance(record: PerformanceRecord, replaced: number): string {
  const say = (estimate: EstimateRecord | null, signed = false): string => {
    if (estimate === null || estimate.point === null) return "—";
    const write = (value: number | null): string =>
      `${signed && (value ?? 0) > 0 ? "+" : ""}${(value ?? NaN).toFixed(4).replace("-", "−")}`;
    return `${write(estimate.point)} (${write(estimate.low)} to ${write(estimate.high)})`;
  };
  const rows = record.metrics.map((metric) => [
    `${metric.name} ${metric.better === "higher" ? "↑" : "↓"}`,
    say(metric.atPromotion),
    say(metric.measured),
    say(metric.change, true),
    say(metric.estimated),
    metric.worse === true ? "worse" : "",
  ]);
  const head = ["metric", "reference", "measured", "change (95 % interval)", "estimated where labels wait", ""];
  const learnt = `${record.calibration === "none" ? "Scores were taken as probabilities" : "Scores were calibrated"} by ${record.referenceRows} rows with labels; the estimate holds only while a score means what it meant there.`;
  return [
    `${record.verdict}: ${record.because}`,
    alignColumns([head, ...rows]),
    ...(record.waiting > 0 ? [learnt] : []),
    ...(replaced > 0 ? [`${replaced} answers were replaced by a later one of the same id.`] : []),
    ...(record.orphans > 0 ? [`${record.orphans} labels belong to no answer.`] : []),
  ].join("\n\n");
}
