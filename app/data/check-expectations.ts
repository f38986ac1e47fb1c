import type { Expectation } from "#core/config/config.ts";
import type { DataReport } from "#core/evidence.ts";
import { checkExpression } from "./check-expression.ts";
import { DataError } from "./data-error.ts";
import type { DataFile } from "./data-file.ts";
import { openDuckDb, texts, type Database } from "./open-duckdb.ts";
import { fileColumn, readTable, rowColumn, type Table } from "#data/table/read-table.ts";
import { quoteName, quoteText } from "./sql-text.ts";

type Outcome = DataReport["expectations"][number];

const shownExamples = 5;

/**
 * Checks every expectation against all rows of the files. A file that cannot be read, a column that is not there or SQL
 * that does not run is an `error` of each expectation it concerns; failing rows are counted, the first ones shown.
 */
export async function checkExpectations(
  expectations: readonly Expectation[],
  files: readonly DataFile[],
): Promise<Outcome[]> {
  if (expectations.length === 0) return [];
  const all = (because: string): Outcome[] => expectations.map((expectation) => broken(nameOf(expectation), because));
  if (files.length === 0) return all("There is no data file to check: no file matches the model's data inputs");
  let db: Database | undefined;
  try {
    db = await openDuckDb({ reads: files.map(({ path }) => path) });
    const table = await readTable(db, files, "data", { typed: "all" });
    const outcomes: Outcome[] = [];
    for (const expectation of expectations) outcomes.push(await checkOne(db, table, expectation));
    return outcomes;
  } catch (error) {
    return all(sayError(error));
  } finally {
    await db?.close();
  }
}

async function checkOne(db: Database, table: Table, expectation: Expectation): Promise<Outcome> {
  const name = nameOf(expectation);
  try {
    if (expectation.kind === "sql") return await checkSql(db, table, expectation.sql, name);
    const { column } = expectation;
    if (!table.columns.some((found) => found.name === column)) {
      const names = table.columns
        .map((found) => `"${found.name}"`)
        .slice(0, 10)
        .join(", ");
      return broken(name, `Column "${column}" is not in the data: there are ${names}`);
    }
    return await countFailing(db, table, name, failingWhere(expectation), column);
  } catch (error) {
    return broken(name, sayError(error));
  }
}

/** SQL that is true for a row which breaks the expectation. Empty cells only break `not-null`. */
function failingWhere(expectation: Exclude<Expectation, { kind: "sql" }>): string {
  const column = quoteName(expectation.column);
  switch (expectation.kind) {
    case "not-null":
      return `${column} IS NULL OR isnan(try_cast(${column}::VARCHAR AS DOUBLE))`;
    case "unique":
      return `${column} IS NOT NULL AND (count(*) OVER (PARTITION BY ${column})) > 1`;
    case "between": {
      const number = `try_cast(${column}::VARCHAR AS DOUBLE)`;
      return `${column} IS NOT NULL AND NOT coalesce(isfinite(${number}) AND ${number} BETWEEN ${expectation.low} AND ${expectation.high}, false)`;
    }
    case "in": {
      const values = expectation.values.map((value) => quoteText(String(value))).join(", ");
      return `${column} IS NOT NULL AND NOT (${column}::VARCHAR IN (${values}))`;
    }
  }
}

async function countFailing(db: Database, table: Table, name: string, where: string, column: string): Promise<Outcome> {
  const shown = quoteName(column);
  const rows = `SELECT ${quoteName(fileColumn)}::DOUBLE AS file, ${quoteName(rowColumn)} AS row, left(coalesce(${shown}::VARCHAR, '(empty)'), 80) AS value, (${where}) AS failing FROM data`;
  const found = await db.query(
    `SELECT file, row, value, (count(*) OVER ())::DOUBLE AS n FROM (${rows}) WHERE failing ORDER BY file, row LIMIT ${shownExamples}`,
  );
  const failing = Number(found.get("n")?.[0] ?? 0);
  return outcome(table, name, failing, sayRows(table, found));
}

function sayRows(table: Table, found: ReadonlyMap<string, readonly unknown[]>): string[] {
  const values = texts(found.get("value"));
  return (found.get("row") ?? []).map((row, index) => {
    const file = table.files[Number(found.get("file")?.[index])]?.shown ?? "";
    return `${file}: row ${Number(row)}: ${values[index] ?? ""}`.slice(0, 1_000);
  });
}

function outcome(table: Table, expectation: string, failing: number, examples: readonly string[]): Outcome {
  const because =
    failing === 0
      ? `${expectation}: holds for all ${table.rows} rows`
      : `${expectation}: ${failing} of ${table.rows} rows break it, first ${examples[0] ?? ""}`;
  return {
    expectation,
    kind: failing === 0 ? "pass" : "fail",
    failing,
    of: table.rows,
    examples: [...examples],
    because,
  };
}

/** An expression of each row, or one over all rows such as `sum(price) > 0`; what is not true breaks it. */
async function checkSql(db: Database, table: Table, sql: string, name: string): Promise<Outcome> {
  await checkExpression(db, sql, "rows", `the expectation "${sql.slice(0, 60)}"`);
  const rows = `(SELECT * EXCLUDE (${quoteName(fileColumn)}, ${quoteName(rowColumn)}) FROM data) AS rows`;
  const told = await db.query(
    `SELECT count(*)::DOUBLE AS n, (count(*) FILTER (value IS NOT TRUE))::DOUBLE AS failing FROM (SELECT CAST((\n${sql}\n) AS BOOLEAN) AS value FROM ${rows})`,
  );
  const [n, failing] = [Number(told.get("n")?.[0]), Number(told.get("failing")?.[0])];
  if (n !== table.rows || (n === 1 && (await isAggregate(db, sql)))) {
    const holds = n > 0 && failing === 0;
    const because = holds
      ? `${name}: holds over all ${table.rows} rows`
      : `${name}: is not true over all ${table.rows} rows`;
    return { expectation: name, kind: holds ? "pass" : "fail", failing: null, of: table.rows, examples: [], because };
  }
  if (failing === 0) return outcome(table, name, 0, []);
  const found = await db.query(
    `SELECT ${quoteName(fileColumn)}::DOUBLE AS file, ${quoteName(rowColumn)} AS row, 'not true' AS value FROM data AS rows WHERE (CAST((\n${sql}\n) AS BOOLEAN)) IS NOT TRUE ORDER BY 1, 2 LIMIT ${shownExamples}`,
  );
  return outcome(table, name, failing, sayRows(table, found));
}

/** With one row only, a sum and a value look alike: the value of no row at all tells them apart. */
async function isAggregate(db: Database, sql: string): Promise<boolean> {
  const found = await db.query(
    `SELECT count(*)::DOUBLE AS n FROM (SELECT (\n${sql}\n) AS value FROM (SELECT * FROM data LIMIT 0) AS rows)`,
  );
  return Number(found.get("n")?.[0]) === 1;
}

function nameOf(expectation: Expectation): string {
  switch (expectation.kind) {
    case "not-null":
      return `"${expectation.column}" is never empty`;
    case "unique":
      return `"${expectation.column}" is unique`;
    case "between":
      return `"${expectation.column}" is between ${expectation.low} and ${expectation.high}`;
    case "in":
      return `"${expectation.column}" is one of ${expectation.values.length} values`;
    case "sql":
      return `"${expectation.sql.slice(0, 300)}"`;
  }
}

function broken(expectation: string, because: string): Outcome {
  return { expectation, kind: "error", failing: null, of: null, examples: [], because: because.slice(0, 2_000) };
}

function sayError(error: unknown): string {
  if (error instanceof DataError) return error.message;
  const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
  return `The expectation could not be checked: ${reason}`;
}
