import { digest, type Json } from "#core/canonical.ts";
import type { EvaluateConfig, MetricDefinition } from "#core/config/config.ts";
import { parseEvaluation, type Evaluation } from "#core/names.ts";
import { compareBytes, sortEntries } from "./byte-order.ts";
import { listFiles, writeObject } from "./canonical-files.ts";
import type { ExamFiles } from "./inputs.ts";

/**
 * The identity of an evaluation, to the byte as in docs/identity.md ("Evaluation"): task, columns, metrics, slices and the
 * files of holdout, lookup and ignore. The order of metrics and slices, and the patterns that named the files, are not in
 * it.
 */
export function computeEvaluation(definitions: EvaluateConfig, files: ExamFiles): Evaluation {
  const text = writeObject({
    holdout: listFiles(sortEntries(files.holdout)),
    id: definitions.id ?? null,
    ignore: listFiles(sortEntries(files.ignore)),
    label: definitions.label,
    lookup: listFiles(sortEntries(files.lookup)),
    metrics: definitions.metrics.toSorted((a, b) => compareBytes(a.name, b.name)).map(describeMetric),
    schema: "trainyard/evaluation/1",
    score: definitions.score,
    slices: definitions.slices.toSorted(compareBytes),
    task: definitions.task,
  });
  return parseEvaluation(digest(text));
}

function describeMetric({ name, better, unit, definition }: MetricDefinition): Json {
  return { better, definition: { ...definition }, name, unit: unit ?? null };
}
