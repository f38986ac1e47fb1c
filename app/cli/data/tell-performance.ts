import { findBuiltin, listBuiltins } from "#core/config/builtin-metrics.ts";
import type { MetricDefinition } from "#core/config/config.ts";
import { measureBinary } from "#core/evaluation/measure-binary.ts";
import { formatUnits } from "#core/message/format.ts";
import { renderAnswers } from "#core/message/terminal/render-answers.ts";
import { judgePerformance, type LabelledScores } from "#core/performance/judge-performance.ts";
import type { Estimate } from "#core/statistics/estimate.ts";
import { readOutcomes, type Outcomes } from "#data/performance/read-outcomes.ts";
import { ExitError } from "#cli/exit-error.ts";
import { splitNames } from "#data/table/split-names.ts";
import { findFiles } from "./find-files.ts";
import type { PerformanceOptions } from "./performance.ts";

/** Reads, judges and prints. Throws an ExitError: 1 where it is worse, 2 where no answer could be reached. */
export async function tellPerformance(options: PerformanceOptions): Promise<void> {
  const metrics = readMetrics(options.metrics);
  const read = async (predictions: string[], labels: string[] | undefined, prefix: string): Promise<Outcomes> => {
    const option = `--${prefix}labels`;
    const files = await findFiles(labels ?? [], option);
    const outcomes = await readOutcomes(await findFiles(predictions, `--${prefix}predictions`), files, options);
    requireJoined(outcomes, option);
    return outcomes;
  };
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
      : `${renderAnswers(record, replaced)}\n`,
  );
  if (record.verdict === "worse") throw new ExitError(1, "", { said: true });
}

/** Labels that meet no answer at all are not late: they are of other rows, or their ids are written otherwise. */
function requireJoined({ labelled, orphans, unmatched }: Outcomes, option: string): void {
  if (labelled.labels.length > 0 || orphans === 0) return;
  const ids =
    unmatched === undefined
      ? ""
      : `: the id of a label is like "${unmatched.label}", that of an answer like "${unmatched.answer}"`;
  throw new ExitError(
    2,
    `None of the ${formatUnits(orphans, "label")} of ${option} belongs to an answer${ids}; give the labels of these answers, with ids written alike`,
  );
}

function readMetrics(names: readonly string[]): readonly MetricDefinition[] {
  return splitNames(names, listBuiltins("binary")).map((name) => {
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
