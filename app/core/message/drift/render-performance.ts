import { markdownTable } from "markdown-table";
import type { EstimateRecord } from "#core/evidence.ts";
import { decimalsOf, formatCount, formatInterval, formatNumber } from "#core/message/format.ts";
import { sayDifference, sayMetricName } from "#core/message/report/comparison-table.ts";
import type { PerformanceRecord } from "#core/performance/performance-record.ts";

/** How well production answered: measured where labels have come, and marked as an estimate where they have not. */
export function renderPerformance(performance: PerformanceRecord | undefined): string {
  if (performance === undefined || performance.metrics.length === 0) return "";
  const { labelled, waiting, metrics } = performance;
  const hasEstimate = metrics.some(({ estimated }) => estimated !== null);
  const rows = metrics.slice(0, 10).map((metric) => {
    const decimals = decimalsOf(metric.measured ?? metric.estimated ?? metric.atPromotion);
    return [
      `${sayMetricName(metric.name)} ${metric.better === "higher" ? "↑" : "↓"}`,
      say(metric.atPromotion, decimals),
      say(metric.measured, decimals),
      metric.change === null
        ? "—"
        : `${metric.worse === true ? "🔴 " : ""}${sayDifference(metric.change, decimals, null)}`,
      ...(hasEstimate ? [say(metric.estimated, decimals)] : []),
    ];
  });
  const head = [
    `${formatCount(labelled)} answers with a label`,
    "at promotion",
    "now",
    "change (95 % interval)",
    ...(hasEstimate ? [`estimate for ${formatCount(waiting)} without one`] : []),
  ];
  const note = hasEstimate
    ? "\n\nAn estimate holds only while a score means what it meant; it is never a reason for an alarm."
    : "";
  return `${markdownTable([head, ...rows])}${note}`;
}

function say(estimate: EstimateRecord | null, decimals: number): string {
  if (estimate === null || estimate.point === null) return "—";
  return `${formatNumber(estimate.point, decimals)} ${formatInterval(estimate, decimals)}`;
}
