import { lstat } from "node:fs/promises";
import type { Answers, SideName } from "#core/evaluation/answers.ts";
import { DataError } from "#data/data-error.ts";
import { formatOf, type DataFile } from "#data/data-file.ts";
import { texts, type Database } from "#data/open-duckdb.ts";
import { checkRecords, guarded, openSource } from "#data/table/open-source.ts";
import { describe, sayColumns } from "#data/table/read-table.ts";
import { quoteName } from "#data/sql-text.ts";

/** Sizes beyond which a predictions file is refused: it is written by code that nobody has reviewed. */
const predictionLimits = { bytes: 512 * 1024 ** 2, lines: 5_000_000 } as const;

export type AnswerColumns = {
  id: string;
  /** ranking: the column of the item */
  item: string | undefined;
  score: string;
  /** how id and item are written in the holdout's own way: SQL on a text */
  sayId: (text: string) => string;
  sayItem: (text: string) => string;
};

/** The table that `readAnswers` leaves in the database: `line`, `id`, `item`, `score` (null if no finite number). */
export function answersTable(side: SideName): string {
  return `answers of ${side}`;
}

/** Reads one side's predictions (attacker-controlled). Throws a DataError that names the side. */
export async function readAnswers(
  db: Database,
  side: SideName,
  file: DataFile,
  columns: AnswerColumns,
): Promise<Answers> {
  const whose = `Predictions of the ${side}`;
  const format = formatOf(file.shown);
  if (format === undefined || format.kind === "ndjson" || format.gzip) {
    throw new DataError("unsupported", `${whose}: "${file.shown}" must end in .csv or .parquet`);
  }
  const found = await lstat(file.path).catch(() => undefined);
  if (found?.isFile() !== true)
    throw new DataError("unreadable", `${whose}: there is no file "${file.shown}"; write it to PREDICTIONS`);
  if (found.size > predictionLimits.bytes) {
    throw new DataError(
      "too-large",
      `${whose}: "${file.shown}" has ${found.size} bytes, at most ${predictionLimits.bytes} are read`,
    );
  }
  const name = quoteName(answersTable(side));
  const raw = quoteName(`predictions of ${side}`);
  const named = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await guarded([file], work);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      throw new DataError(error.code, `${whose}: ${error.message}`, { cause: error });
    }
  };
  const source = await named(() => openSource(db, file));
  await named(() => db.query(`CREATE VIEW ${raw} AS SELECT * FROM ${source.from}`));
  const there = await describe(db, `predictions of ${side}`);
  const wanted = [columns.id, ...(columns.item === undefined ? [] : [columns.item]), columns.score];
  for (const column of wanted) {
    if (there.some((found) => found.name === column)) continue;
    const names = there.map((found) => found.name);
    throw new DataError(
      "missing-column",
      `${whose}: column "${column}" is missing, ${sayColumns(column, names)}; the first line of PREDICTIONS has to be ${wanted.join(",")}`,
    );
  }
  const text = (column: string): string => `coalesce(${quoteName(column)}::VARCHAR, '')`;
  const item = columns.item === undefined ? "''" : columns.sayItem(text(columns.item));
  // one line more than allowed is enough to know
  const made = await named(() =>
    db.query(
      `CREATE TABLE ${name} AS SELECT ${columns.sayId(text(columns.id))} AS id, ${item} AS item, ${text(columns.score)} AS said, ` +
        `try_cast(${quoteName(columns.score)} AS DOUBLE) AS score FROM ${raw} LIMIT ${predictionLimits.lines + 1}`,
    ),
  );
  const count = Number(made.get("Count")?.[0]);
  if (count > predictionLimits.lines) {
    throw new DataError(
      "too-large",
      `${whose}: more than ${predictionLimits.lines} lines, which is the most that are read`,
    );
  }
  await named(async () => checkRecords(source, count));
  const bad = await db.query(`SELECT left(said, 80) AS said FROM ${name} WHERE score IS NULL OR NOT isfinite(score)`);
  const lines = await db.query(`SELECT id, ${columns.item === undefined ? "" : "item, "}score FROM ${name}`);
  const unreadable = bad.get("said") ?? [];
  return {
    ids: texts(lines.get("id")),
    items: texts(lines.get("item")),
    scores: Float64Array.from(lines.get("score") ?? [], (score) => (typeof score === "number" ? score : NaN)),
    unreadable: {
      count: unreadable.length,
      examples: unreadable.slice(0, 5).map((said) => (said === "" ? "(empty)" : String(said))),
    },
  };
}
