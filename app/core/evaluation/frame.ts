import type { Task } from "#core/config/config.ts";
import type { Comparison } from "#core/evidence.ts";

/** What a comparison is about, whatever comes out of it. Digests are 64 hex digits, files paths as people know them. */
export type ComparisonFrame = {
  evaluation: string;
  task: Task;
  candidate: string;
  production: string | null;
  baseline: string | null;
  unitName: string;
  /** holdout files that count */
  holdout: readonly string[];
  /** holdout files left out for all, as one side was trained on them */
  dropped: readonly string[];
};

/** The comparison of a frame with nothing measured: `error` says why, null where no file was left to measure on. */
export function emptyComparison(frame: ComparisonFrame, error: string | null): Comparison {
  return {
    schema: "trainyard/comparison/1",
    ...frame,
    holdout: [...frame.holdout],
    dropped: [...frame.dropped],
    units: 0,
    metrics: [],
    slices: [],
    flips: null,
    error: error === null ? null : error.slice(0, 4_000),
  };
}
