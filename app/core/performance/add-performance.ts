import type { DriftReport } from "#core/drift/drift-record.ts";
import type { PerformanceRecord } from "./performance-record.ts";

/** A watch's report with what its answers were worth: worse ones are drift, whatever the columns say. */
export function addPerformance(report: DriftReport, performance: PerformanceRecord): DriftReport {
  return {
    ...report,
    performance,
    verdict: performance.verdict === "worse" ? "drift" : report.verdict,
    because: `${report.because}; ${performance.because}`.slice(0, 4_000),
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
