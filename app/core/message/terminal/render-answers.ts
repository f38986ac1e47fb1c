import type { EstimateRecord } from "#core/evidence.ts";
import { formatCount, formatUnits } from "#core/message/format.ts";
import type { PerformanceRecord } from "#core/performance/performance-record.ts";
import { alignColumns } from "./align-columns.ts";

/**
 * How well answers were, for the terminal: first what keeps one from reading it, then the answer in words, then the
 * metrics, measured and estimated apart. `replaced`: answers that a later one of the same id replaced.
 */
export function renderAnswers(record: PerformanceRecord, replaced: number): string {
  const { orphans, labelled, because } = record;
  const parts = [
    orphans > 0
      ? `⚠️ ${formatCount(orphans)} of ${formatUnits(orphans + labelled, "label")} ${orphans === 1 ? "belongs" : "belong"} to no answer: they were left alone`
      : "",
    `${sayVerdict(record)}: ${because}`,
    renderMetrics(record),
    sayEstimates(record),
    replaced > 0
      ? `${formatUnits(replaced, "answer")} ${replaced === 1 ? "was" : "were"} replaced by a later one of the same id.`
      : "",
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function sayVerdict({ verdict, metrics }: PerformanceRecord): string {
  switch (verdict) {
    case "holds":
      return "Holds";
    case "worse":
      return "Worse than the reference";
    case "not-enough-labels":
      return "Not enough labels to judge";
    case "not-measured":
      return metrics.some(({ measured }) => measured !== null)
        ? "Measured, with no reference to compare with"
        : "Not measured";
  }
}

function renderMetrics({ metrics, waiting }: PerformanceRecord): string {
  const hasEstimate = metrics.some(({ estimated }) => estimated !== null);
  const rows = metrics.map((metric) => [
    `${metric.name} ${metric.better === "higher" ? "↑" : "↓"}`,
    say(metric.atPromotion),
    say(metric.measured),
    say(metric.change, true),
    ...(hasEstimate ? [metric.estimated === null ? "—" : `≈ ${say(metric.estimated)}`] : []),
    metric.worse === true ? "worse" : "",
  ]);
  const estimate = hasEstimate ? [`estimate for ${formatCount(waiting)} without a label`] : [];
  return alignColumns([["metric", "reference", "measured", "change (95 % interval)", ...estimate, ""], ...rows]);
}

function sayEstimates({ metrics, waiting, calibration, referenceRows }: PerformanceRecord): string {
  if (waiting === 0) return "";
  if (referenceRows === 0)
    return `Nothing is estimated for ${formatUnits(waiting, "answer")} without a label: that takes other rows with labels to learn from.`;
  if (metrics.every(({ estimated }) => estimated === null)) return "";
  const rows = `${formatUnits(referenceRows, "row")} with labels`;
  const how =
    calibration === "none"
      ? `scores were taken as probabilities, as nothing better could be learnt from ${rows}`
      : `scores were calibrated on ${rows}`;
  return `An estimate is no measurement, and never a reason for a verdict: ${how}, and it holds only while a score means what it meant there.`;
}

function say(estimate: EstimateRecord | null, signed = false): string {
  if (estimate === null || estimate.point === null) return "—";
  const write = (value: number | null): string =>
    `${signed && (value ?? 0) > 0 ? "+" : ""}${(value ?? NaN).toFixed(4).replace("-", "−")}`;
  return `${write(estimate.point)} (${write(estimate.low)} to ${write(estimate.high)})`;
}
