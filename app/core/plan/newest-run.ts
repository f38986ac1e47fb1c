import type { RunRecord } from "#core/evidence.ts";

/**
 * Orders runs, the newest first: by the numbers that the service gave them, as the time in a record is what a job claims.
 * Runs of this machine have no number, and go by their time.
 */
export function newestFirst(a: RunRecord, b: RunRecord): number {
  if (a.source.kind === "workflow" && b.source.kind === "workflow") {
    const byNumber = b.source.run - a.source.run || b.source.attempt - a.source.attempt;
    if (byNumber !== 0) return byNumber;
  } else if (a.at !== b.at) return a.at < b.at ? 1 : -1;
  return a.key < b.key ? 1 : a.key > b.key ? -1 : 0;
}
