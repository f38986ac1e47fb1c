import { alignBinary } from "#core/evaluation/align-binary.ts";
import { sayExamples, type SideName } from "#core/evaluation/answers.ts";
import { emptyComparison } from "#core/evaluation/frame.ts";
import type { BinarySide } from "#core/evaluation/measure-binary.ts";
import { scoreBinary } from "#core/evaluation/score-binary.ts";
import type { Comparison } from "#core/evidence.ts";
import { formatCount } from "#core/message/format.ts";
import type { ComparisonJob } from "./comparison-job.ts";
import { DataError } from "#data/data-error.ts";
import { texts, type Database } from "#data/open-duckdb.ts";
import { readOwnMetrics, scoredRows } from "./own-metrics.ts";
import { readAnswers } from "./read-answers.ts";
import { readHoldout } from "./read-holdout.ts";
import { quoteName } from "#data/sql-text.ts";

const labelNumber = `CASE WHEN lower("trainyard label") IN ('1', '1.0', 'true') THEN 1.0 WHEN lower("trainyard label") IN ('0', '0.0', 'false') THEN 0.0 END`;

/** Compares the sides of a binary evaluation, row by row. Throws a DataError where a file is not what it must be. */
export async function compareBinary(db: Database, job: ComparisonJob): Promise<Comparison> {
  const { evaluate } = job;
  const holdout = await readHoldout(db, evaluate, job.holdout, job.dropped);
  const slices = evaluate.slices.map(
    (column, index) => `coalesce(${quoteName(column)}::VARCHAR, '(empty)') AS "slice ${index}"`,
  );
  await db.query('CREATE VIEW asked AS SELECT * FROM rows WHERE "trainyard counts"');
  const select = ['"trainyard id" AS id', '"trainyard label" AS said', `${labelNumber} AS label`, ...slices].join(", ");
  const asked = await db.query(`SELECT ${select} FROM asked ORDER BY "trainyard at"`);
  const ids = texts(asked.get("id"));
  const labels = asked.get("label") ?? [];
  const odd = texts(asked.get("said")).filter((_, row) => labels[row] === null);
  if (odd.length > 0) {
    throw new DataError(
      "bad-value",
      `The holdout's label "${evaluate.label}" must be 0 or 1 (or true, false): ${formatCount(odd.length)} rows are not (${sayExamples(odd)})`,
    );
  }
  const dropped = new Set(
    texts((await db.query('SELECT "trainyard id" AS id FROM rows WHERE NOT "trainyard counts"')).get("id")),
  );
  const twice = await db.query('SELECT "trainyard id" AS id FROM rows GROUP BY 1 HAVING count(*) > 1 ORDER BY 1');
  const repeated = texts(twice.get("id"));
  if (repeated.length > 0) {
    throw new DataError(
      "bad-value",
      `The holdout's id "${holdout.idColumn}" must name one row each: ${repeated.length} name more (${sayExamples(repeated)})`,
    );
  }

  const questions = { idColumn: holdout.idColumn, scoreColumn: evaluate.score, ids, dropped };
  const columns = {
    id: holdout.idColumn,
    item: undefined,
    score: evaluate.score,
    sayId: holdout.sayId,
    sayItem: holdout.sayItem,
  };
  const scored = new Map<SideName, BinarySide>();
  const problems: string[] = [];
  for (const { name, subject, file } of job.sides) {
    const aligned = alignBinary(name, await readAnswers(db, name, file, columns), questions);
    if (aligned.kind === "problem") problems.push(aligned.because);
    else scored.set(name, { subject, scores: aligned.value, own: new Map() });
  }
  if (problems.length > 0) return emptyComparison(job.frame, problems.join("; "));
  for (const [name, side] of scored) {
    const source = scoredRows(name, holdout.table, labelNumber, false);
    scored.set(name, { ...side, own: await readOwnMetrics(db, evaluate.metrics, name, source, undefined) });
  }
  const candidate = scored.get("candidate");
  if (candidate === undefined) throw new RangeError("Cannot compare without a candidate");
  const rows = {
    labels: Uint8Array.from(labels, Number),
    slices: new Map(evaluate.slices.map((column, index) => [column, texts(asked.get(`slice ${index}`))])),
  };
  return scoreBinary(job.frame, evaluate.metrics, rows, {
    candidate,
    production: scored.get("production"),
    baseline: scored.get("baseline"),
  });
}
