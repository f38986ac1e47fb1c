import { alignRanking, type RankingQuestions } from "#core/evaluation/align-ranking.ts";
import type { SideName } from "#core/evaluation/answers.ts";
import { emptyComparison } from "#core/evaluation/frame.ts";
import { deepestRank, scoreRanking, type RankingSide } from "#core/evaluation/score-ranking.ts";
import type { Comparison } from "#core/evidence.ts";
import type { ComparisonJob } from "./comparison-job.ts";
import { DataError } from "#data/data-error.ts";
import { texts, type Database } from "#data/open-duckdb.ts";
import { readOwnMetrics, scoredRows, type Groups } from "./own-metrics.ts";
import { readAnswers } from "./read-answers.ts";
import { readHoldout, type Holdout } from "./read-holdout.ts";
import { readTable, requireColumns } from "#data/table/read-table.ts";
import { quoteName } from "#data/sql-text.ts";

/** Compares the sides of a ranking, query by query. Throws a DataError where a file is not what it must be. */
export async function compareRanking(db: Database, job: ComparisonJob): Promise<Comparison> {
  const { evaluate } = job;
  if (evaluate.id === undefined)
    throw new DataError("missing-column", 'A ranking needs "evaluate: id", the column of the query');
  const holdout = await readHoldout(db, evaluate, job.holdout, job.dropped);
  const ignored = await readIgnored(db, job, holdout);
  await db.query(
    'CREATE VIEW asked AS SELECT * FROM rows WHERE "trainyard counts" AND NOT EXISTS (FROM ignored WHERE ignored.id = "trainyard id" AND ignored.item = "trainyard label")',
  );
  const found = await db.query(
    'SELECT "trainyard id" AS id, "trainyard label" AS item FROM asked GROUP BY ALL ORDER BY min("trainyard at")',
  );
  const questions: RankingQuestions = {
    idColumn: evaluate.id,
    itemColumn: evaluate.label,
    scoreColumn: evaluate.score,
    labels: groupPairs(texts(found.get("id")), texts(found.get("item"))),
    asked: new Set(texts((await db.query('SELECT DISTINCT "trainyard id" AS id FROM rows')).get("id"))),
    ignored,
    depth: deepestRank(evaluate.metrics),
  };
  const columns = {
    id: evaluate.id,
    item: evaluate.label,
    score: evaluate.score,
    sayId: holdout.sayId,
    sayItem: holdout.sayItem,
  };
  const ranked = new Map<SideName, RankingSide>();
  const problems: string[] = [];
  for (const { name, subject, file } of job.sides) {
    const aligned = alignRanking(name, await readAnswers(db, name, file, columns), questions);
    if (aligned.kind === "problem") problems.push(aligned.because);
    else ranked.set(name, { subject, queries: aligned.value, own: new Map() });
  }
  if (problems.length > 0) return emptyComparison(job.frame, problems.join("; "));
  if (evaluate.metrics.some(({ definition }) => definition.kind === "mean" || definition.kind === "ratio")) {
    const groups = await readGroups(db, questions.labels);
    for (const [name, side] of ranked) {
      const source = scoredRows(name, holdout.table, `"trainyard label"`, true);
      ranked.set(name, { ...side, own: await readOwnMetrics(db, evaluate.metrics, name, source, groups) });
    }
  }
  const candidate = ranked.get("candidate");
  if (candidate === undefined) throw new RangeError("Cannot compare without a candidate");
  return scoreRanking(job.frame, evaluate.metrics, {
    candidate,
    production: ranked.get("production"),
    baseline: ranked.get("baseline"),
  });
}

/** Unit separator, which no name of an item has a use for. */
const separator = "\u001F";

/** Pairs that are not asked for, of queries that are: also the table `ignored`. */
async function readIgnored(
  db: Database,
  job: ComparisonJob,
  holdout: Holdout,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  if (job.ignore.length === 0) {
    await db.query("CREATE TABLE ignored (id VARCHAR, item VARCHAR)");
    return new Map();
  }
  const table = await readTable(db, job.ignore, "ignored rows", { typed: [] });
  requireColumns(table, [
    ["evaluate: ignore", holdout.idColumn],
    ["evaluate: ignore", job.evaluate.label],
  ]);
  const id = holdout.sayId(`${quoteName(holdout.idColumn)}::VARCHAR`);
  const item = holdout.sayItem(`${quoteName(job.evaluate.label)}::VARCHAR`);
  await db.query(
    `CREATE TABLE ignored AS SELECT DISTINCT ${id} AS id, ${item} AS item FROM "ignored rows" WHERE ${id} IN (SELECT "trainyard id" FROM rows)`,
  );
  // one text a query comes over several times faster than a text a pair
  const pairs = await db.query(
    `SELECT id, string_agg(item, chr(${separator.charCodeAt(0)})) AS items FROM ignored WHERE item IS NOT NULL GROUP BY id`,
  );
  const items = texts(pairs.get("items"));
  return new Map(texts(pairs.get("id")).map((id, index) => [id, new Set(items[index]?.split(separator))]));
}

function groupPairs(ids: readonly string[], items: readonly string[]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  ids.forEach((id, index) => {
    const group = groups.get(id) ?? new Set();
    groups.set(id, group.add(items[index] ?? ""));
  });
  return groups;
}

async function readGroups(db: Database, labels: ReadonlyMap<string, unknown>): Promise<Groups> {
  const order = new Map([...labels.keys()].map((query, index) => [query, index]));
  const rows = texts((await db.query('SELECT "trainyard id" AS id FROM asked ORDER BY "trainyard at"')).get("id"));
  return { ofRow: Uint32Array.from(rows, (query) => order.get(query) ?? 0), count: order.size };
}
