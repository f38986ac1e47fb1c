import type { DriftColumn, DriftReport } from "#core/drift/drift-record.ts";
import type { PerformanceRecord } from "./performance-record.ts";

/** How well production answered, and how its scores moved. */
export type Answered = { performance: PerformanceRecord; columns: readonly DriftColumn[] };

/** A watch's report with what its answers were worth: worse or other ones are drift, whatever the data's columns say. */
export function addPerformance(report: DriftReport, { performance, columns }: Answered): DriftReport {
  const moved = columns.filter(({ drifted }) => drifted);
  return {
    ...report,
    performance,
    columns: [...moved, ...report.columns, ...columns.filter(({ drifted }) => !drifted)].slice(0, 2_000),
    verdict: performance.verdict === "worse" || moved.length > 0 ? "drift" : report.verdict,
    because: [report.because, ...moved.map(({ because }) => because), performance.because].join("; ").slice(0, 4_000),
  };
}

/** Why the answers could not be measured: what nobody could measure is not quiet. */
export function addUnmeasured(report: DriftReport, reason: string): DriftReport {
  return {
    ...report,
    verdict: report.verdict === "drift" ? "drift" : "error",
    because: `${report.because}; production's answers could not be measured: ${reason}`.slice(0, 4_000),
  };
}
