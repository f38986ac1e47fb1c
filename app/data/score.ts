import type { EvaluateConfig } from "#core/config/config.ts";
import { emptyComparison, type ComparisonFrame } from "#core/evaluation/frame.ts";
import type { Comparison } from "#core/evidence.ts";
import { compareBinary } from "#data/scoring/compare-binary.ts";
import { compareRanking } from "#data/scoring/compare-ranking.ts";
import type { Side } from "#data/scoring/comparison-job.ts";
import { DataError } from "./data-error.ts";
import type { DataFile } from "./data-file.ts";
import { openDuckDb, type Database } from "./open-duckdb.ts";
import { rowNumberColumn } from "#data/scoring/read-holdout.ts";

/** One subject's predictions: its digest, and the file that its predict command wrote (attacker-controlled). */
type SidePredictions = { subject: string; file: DataFile };

export type ScoringJob = {
  /** digest of the evaluation, 64 hex digits */
  evaluation: string;
  evaluate: EvaluateConfig;
  /** every holdout file, in natural order of path: the order in which `writeRows` numbered the rows */
  holdout: readonly DataFile[];
  ignore: readonly DataFile[];
  /** `shown` of the holdout files that one side was trained on */
  dropped: readonly string[];
  predictions: {
    candidate: SidePredictions;
    production: SidePredictions | undefined;
    baseline: SidePredictions | undefined;
  };
  timeoutMs?: number;
};

/**
 * Joins predictions with labels and compares the sides. Whatever is wrong with a file, a prediction or the team's SQL is
 * the comparison's `error`, one sentence; nothing is dropped silently. Never throws for what a file holds.
 */
export async function scoreEvaluation(job: ScoringJob): Promise<Comparison> {
  const { evaluate, predictions, holdout } = job;
  const gone = new Set(job.dropped);
  const frame: ComparisonFrame = {
    evaluation: job.evaluation,
    task: evaluate.task,
    candidate: predictions.candidate.subject,
    production: predictions.production?.subject ?? null,
    baseline: predictions.baseline?.subject ?? null,
    unitName: evaluate.id ?? rowNumberColumn,
    holdout: holdout.map(({ shown }) => shown).filter((shown) => !gone.has(shown)),
    dropped: holdout.map(({ shown }) => shown).filter((shown) => gone.has(shown)),
  };
  if (holdout.length === 0) return emptyComparison(frame, 'The holdout is empty: no file matches "evaluate: holdout"');
  if (frame.holdout.length === 0) return emptyComparison(frame, null);
  const sides: Side[] = [
    { name: "candidate", ...predictions.candidate },
    ...(predictions.production === undefined ? [] : [{ name: "production" as const, ...predictions.production }]),
    ...(predictions.baseline === undefined ? [] : [{ name: "baseline" as const, ...predictions.baseline }]),
  ];
  const files = [...holdout, ...job.ignore, ...sides.map(({ file }) => file)];
  let db: Database | undefined;
  try {
    db = await openDuckDb({
      reads: files.map(({ path }) => path),
      ...(job.timeoutMs === undefined ? {} : { timeoutMs: job.timeoutMs }),
    });
    const compare = evaluate.task === "binary" ? compareBinary : compareRanking;
    return await compare(db, { frame, evaluate, holdout, ignore: job.ignore, dropped: gone, sides });
  } catch (error) {
    if (error instanceof DataError) return emptyComparison(frame, error.message);
    const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
    return emptyComparison(frame, `The predictions could not be scored: ${reason}`);
  } finally {
    await db?.close();
  }
}
