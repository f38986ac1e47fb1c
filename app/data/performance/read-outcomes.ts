import { formatCount } from "#core/message/format.ts";
import { DataError } from "#data/data-error.ts";
import type { DataFile } from "#data/data-file.ts";
import { openDuckDb, texts, type Database } from "#data/open-duckdb.ts";
import { quoteName } from "#data/sql-text.ts";
import { fileColumn, readTable, requireColumns, rowColumn, type Table } from "#data/table/read-table.ts";

export type OutcomeColumns = { id: string; score: string; label: string };

/** Answers joined with what came true. A row is one id: where it was answered more than once, the last answer counts. */
export type Outcomes = {
  labelled: { scores: Float64Array; labels: Uint8Array };
  waiting: Float64Array;
  /** labels of ids that nobody predicted */
  orphans: number;
  /** the id of one of them and that of an answer, cut, where there are both */
  unmatched: { label: string; answer: string } | undefined;
  /** answers that a later one of the same id replaced */
  replaced: number;
};

/**
 * Joins predictions with labels by id. Labels may be empty or missing: those rows wait. Throws a DataError that names
 * file, row and value: a score that is no finite number, a label other than 0 and 1 (true, false), an id with two labels.
 */
export async function readOutcomes(
  predictions: readonly DataFile[],
  labels: readonly DataFile[],
  columns: OutcomeColumns,
): Promise<Outcomes> {
  if (predictions.length === 0) throw new DataError("unreadable", "There are no predictions: no file was found");
  const db = await openDuckDb({ reads: [...predictions, ...labels].map(({ path }) => path) });
  try {
    const answered = await readTable(db, predictions, "answered", { typed: [] });
    requireColumns(answered, [
      ["id", columns.id],
      ["score", columns.score],
    ]);
    await makeAnswers(db, answered, columns);
    const replaced = answered.rows - (await countRows(db, "answers"));
    await makeTruth(db, labels, columns);
    const found = await db.query(
      `SELECT a.score AS score, t.label AS label FROM answers a LEFT JOIN truth t USING (id) ORDER BY a.place`,
    );
    const orphans = await db.query(
      `SELECT count(*)::DOUBLE AS n, left(min(id), 60) AS label, (SELECT left(min(id), 60) FROM answers) AS answer FROM truth ANTI JOIN answers USING (id)`,
    );
    const [label, answer] = [orphans.get("label")?.[0], orphans.get("answer")?.[0]];
    const scores = Float64Array.from(found.get("score") ?? [], Number);
    const known = found.get("label") ?? [];
    return {
      labelled: {
        scores: scores.filter((_, row) => known[row] !== null),
        labels: Uint8Array.from(
          known.filter((label) => label !== null),
          Number,
        ),
      },
      waiting: scores.filter((_, row) => known[row] === null),
      orphans: Number(orphans.get("n")?.[0]),
      unmatched: typeof label === "string" && typeof answer === "string" ? { label, answer } : undefined,
      replaced,
    };
  } finally {
    await db.close();
  }
}

/** Whole numbers that passed through a column with gaps come as "12.0": the same id. */
const idOf = (column: string): string => `regexp_replace(${quoteName(column)}::VARCHAR, '^(-?[0-9]+)[.]0+$', '\\1')`;
const place = `${quoteName(fileColumn)}::DOUBLE AS file, ${quoteName(rowColumn)} AS row`;

async function makeAnswers(db: Database, table: Table, { id, score }: OutcomeColumns): Promise<void> {
  const number = `try_cast(${quoteName(score)}::VARCHAR AS DOUBLE)`;
  const isBad = `${quoteName(id)} IS NULL OR ${number} IS NULL OR NOT isfinite(${number})`;
  const bad = await db.query(
    `SELECT ${place}, coalesce(${quoteName(id)}::VARCHAR, '') AS id, coalesce(${quoteName(score)}::VARCHAR, '') AS score, (count(*) OVER ())::DOUBLE AS n FROM answered WHERE ${isBad} ORDER BY 1, 2 LIMIT 1`,
  );
  if ((bad.get("n")?.length ?? 0) > 0) {
    const empty = texts(bad.get("id"))[0] === "";
    throw new DataError(
      "bad-value",
      `${sayPlace(table, bad)}: ${empty ? `the id "${id}" is empty` : `the score "${score}" is no finite number but ${shorten(texts(bad.get("score"))[0])}`} (${saySuch(bad)})`,
    );
  }
  await db.query(
    `CREATE TABLE answers AS SELECT id, last(score ORDER BY place) AS score, max(place) AS place FROM (SELECT ${idOf(id)} AS id, ${number} AS score, row_number() OVER (ORDER BY ${quoteName(fileColumn)}, ${quoteName(rowColumn)}) AS place FROM answered) GROUP BY id`,
  );
}

async function makeTruth(db: Database, files: readonly DataFile[], { id, label }: OutcomeColumns): Promise<void> {
  if (files.length === 0) {
    await db.query("CREATE TABLE truth (id VARCHAR, label DOUBLE)");
    return;
  }
  const table = await readTable(db, files, "told", { typed: [] });
  requireColumns(table, [
    ["id", id],
    ["label", label],
  ]);
  const said = `trim(${quoteName(label)}::VARCHAR)`;
  const value = `CASE WHEN lower(${said}) IN ('1', '1.0', 'true') THEN 1.0 WHEN lower(${said}) IN ('0', '0.0', 'false') THEN 0.0 END`;
  const given = `coalesce(${said}, '') <> ''`;
  const bad = await db.query(
    `SELECT ${place}, ${said} AS label, (count(*) OVER ())::DOUBLE AS n FROM told WHERE ${given} AND (${value} IS NULL OR ${quoteName(id)} IS NULL) ORDER BY 1, 2 LIMIT 1`,
  );
  if ((bad.get("n")?.length ?? 0) > 0) {
    throw new DataError(
      "bad-value",
      `${sayPlace(table, bad)}: the label "${label}" must be 0 or 1 (or true, false) with an id beside it, it is ${shorten(texts(bad.get("label"))[0])} (${saySuch(bad)})`,
    );
  }
  await db.query(
    `CREATE TABLE truth AS SELECT id, min(label) AS label, max(label) AS highest FROM (SELECT ${idOf(id)} AS id, ${value} AS label FROM told WHERE ${given}) GROUP BY id`,
  );
  const torn = await db.query(
    `SELECT id, (count(*) OVER ())::DOUBLE AS n FROM truth WHERE label <> highest ORDER BY id LIMIT 1`,
  );
  if ((torn.get("n")?.length ?? 0) > 0) {
    throw new DataError(
      "bad-value",
      `The labels contradict each other: ${sayIds(torn)} both, first ${id} ${shorten(texts(torn.get("id"))[0])}`,
    );
  }
}

async function countRows(db: Database, table: string): Promise<number> {
  return Number((await db.query(`SELECT count(*)::DOUBLE AS n FROM ${table}`)).get("n")?.[0]);
}

function sayPlace({ files }: Table, found: ReadonlyMap<string, readonly unknown[]>): string {
  return `"${files[Number(found.get("file")?.[0])]?.shown ?? ""}", row ${Number(found.get("row")?.[0])}`;
}

function saySuch(found: ReadonlyMap<string, readonly unknown[]>): string {
  const count = Number(found.get("n")?.[0]);
  return `${formatCount(count)} such ${count === 1 ? "row" : "rows"}`;
}

function sayIds(found: ReadonlyMap<string, readonly unknown[]>): string {
  const count = Number(found.get("n")?.[0]);
  return `${formatCount(count)} ${count === 1 ? "id has" : "ids have"}`;
}

const shorten = (text: string | undefined): string => `"${(text ?? "").slice(0, 60)}"`;
