import type { Expectation } from "#core/config/config.ts";
import { checkExpression } from "#data/check-expression.ts";
import { DataError } from "#data/data-error.ts";
import type { Database } from "#data/open-duckdb.ts";
import { quoteName, quoteText } from "#data/sql-text.ts";
import { momentOf } from "#data/table/decide-types.ts";
import { sayColumns, type ColumnType, type Table } from "#data/table/read-table.ts";
import type { Reference } from "./open-references.ts";
import { countFailingSql, countIf, failingSql, isContinuous, isNumeric, isWhole } from "./row-sql.ts";

/** How an expectation is looked at. `counted`: SQL that is null for the rows of which it does not speak. */
export type Look = {
  expectation: Expectation;
  /** SQL that is true for the rows of which it speaks, undefined: all */
  where: string | undefined;
  /** SQL of the team is in it: it may fail or never end where others do not */
  foreign: boolean;
  counted: string | undefined;
} & (
  | {
      form: "rows";
      failing: string;
      shown: string;
      /** the number of failing rows as an aggregate, where that is cheaper and there is no `where` */
      count?: string | undefined;
      /** the failing rows hold a value of one column: which ones, and how often, tells what went wrong */
      valued: boolean;
      /** values of the column are seldom the same */
      continuous?: boolean;
    }
  /** `quick`: an aggregate that is cheaper; where it is no null, it is the answer */
  | { form: "total"; aggregate: string; quick?: string }
  | { form: "repeats"; columns: readonly ColumnType[]; whole: boolean }
  | { form: "order"; column: string; breaks: string }
  | { form: "strangers"; stranger: string }
  | { form: "columns" }
);

export type LookOptions = {
  /** the column of another file, by the names that the expectation has for them; throws a DataError */
  findReference(file: string, column: string): Promise<Reference>;
  /** milliseconds since 1970: what freshness is measured from */
  nowMs: number;
};

/** Clocks of others may be ahead, and a date is over everywhere a day later. */
const aheadMs = 24 * 3_600_000;

/** Decides how an expectation is looked at. Throws a DataError for a column that is not there and SQL that may not run. */
export async function planLook(
  db: Database,
  table: Table,
  expectation: Expectation,
  options: LookOptions,
): Promise<Look> {
  const place = `the expectation "${("sql" in expectation ? expectation.sql : expectation.kind).slice(0, 60)}"`;
  if (expectation.where !== undefined) await checkExpression(db, expectation.where, "row", `"where" of ${place}`);
  const where = expectation.where === undefined ? undefined : `(CAST((\n${expectation.where}\n) AS BOOLEAN)) IS TRUE`;
  const base = { expectation, where, foreign: where !== undefined, counted: undefined };
  switch (expectation.kind) {
    case "columns":
      return { ...base, form: "columns" };
    case "row-count":
      return { ...base, form: "total", aggregate: "count(*)::DOUBLE" };
    case "sql":
      return { ...base, foreign: true, ...(await lookAtSql(db, table, expectation.sql, place)) };
    case "unique-rows": {
      const columns = expectation.columns.map((name) => findColumn(table, name));
      return { ...base, form: "repeats", columns, whole: false };
    }
    case "not-null":
    case "between":
    case "in":
    case "not-in":
    case "matches":
    case "length":
    case "type": {
      if (expectation.kind === "matches") await checkPattern(db, expectation.pattern);
      const column = findColumn(table, expectation.column);
      const counted = expectation.kind === "not-null" ? undefined : quoteName(column.name);
      const failing = failingSql(expectation, column, table.text === true);
      const count = countFailingSql(expectation, column);
      const valued = expectation.kind !== "not-null";
      const continuous = isContinuous(column.type);
      return { ...base, form: "rows", failing, counted, count, valued, continuous, shown: show(column.name) };
    }
    case "unique":
    case "freshness":
    case "references":
    case "monotonic":
    case "sum":
    case "mean":
    case "quantile": {
      const column = findColumn(table, expectation.column);
      return { ...base, counted: quoteName(column.name), ...(await lookAtColumn(db, expectation, column, options)) };
    }
  }
}

type OfColumn = Extract<
  Expectation,
  { kind: "unique" | "freshness" | "references" | "monotonic" | "sum" | "mean" | "quantile" }
>;
type Form<T = Look> = T extends Look ? Omit<T, "expectation" | "where" | "foreign" | "counted"> : never;

async function lookAtColumn(
  db: Database,
  expectation: OfColumn,
  column: ColumnType,
  options: LookOptions,
): Promise<Form> {
  const name = quoteName(column.name);
  switch (expectation.kind) {
    case "unique":
      return { form: "repeats", columns: [column], whole: isWhole(column.type) };
    case "monotonic": {
      const falling = expectation.order.endsWith("decreasing");
      const equal = expectation.order.startsWith("strictly") ? "=" : "";
      return { form: "order", column: name, breaks: `v ${falling ? ">" : "<"}${equal} p` };
    }
    case "references":
      return lookAtReference(column, await options.findReference(expectation.file, expectation.key));
    case "freshness":
      return { form: "total", ...newestSql(column, options.nowMs + aheadMs) };
    case "sum":
      return { form: "total", aggregate: `sum(${await numberSql(db, column, "sum")})::DOUBLE` };
    case "mean":
      return { form: "total", aggregate: `avg(${await numberSql(db, column, "mean")})::DOUBLE` };
    case "quantile": {
      const number = await numberSql(db, column, "quantile");
      return { form: "total", ...quantileSql(number, expectation) };
    }
  }
}

/** Values of one kind are compared as they are, others by how they are written. */
function lookAtReference({ name, type }: ColumnType, { table, column: key }: Reference): Form {
  const same = type === key.type || (isNumeric(type) && isNumeric(key.type));
  const text = (column: string): string => (same ? quoteName(column) : `${quoteName(column)}::VARCHAR`);
  const known = `SELECT ${text(key.name)} FROM ${quoteName(table)} WHERE ${quoteName(key.name)} IS NOT NULL`;
  return { form: "strangers", stranger: `${text(name)} NOT IN (${known})` };
}

async function lookAtSql(db: Database, table: Table, sql: string, place: string): Promise<Form> {
  const used = await checkExpression(db, sql, "rows", place);
  await requireCondition(db, sql, place);
  const condition = `(CAST((\n${sql}\n) AS BOOLEAN))`;
  // over no rows an aggregate still has a value, and a value of each row has none
  const told = await db.query(
    `SELECT count(*)::DOUBLE AS n FROM (SELECT ${condition} AS value FROM (SELECT * FROM data LIMIT 0) AS rows)`,
  );
  if (Number(told.get("n")?.[0]) === 1) return { form: "total", aggregate: condition };
  const columns = table.columns.filter(({ name }) => used.some((one) => one.toLowerCase() === name.toLowerCase()));
  const shown = columns.slice(0, 4).map(({ name }) => `${quoteText(`${name.slice(0, 40)} `)} || ${show(name, 60)}`);
  return {
    form: "rows",
    failing: `${condition} IS NOT TRUE`,
    valued: false,
    shown: shown.join(` || ', ' || `) || "'not true'",
  };
}

/** A sum without its comparison would hold wherever it is not 0. */
async function requireCondition(db: Database, sql: string, place: string): Promise<void> {
  const described = await db.query(
    `SELECT column_type AS type FROM (DESCRIBE SELECT (\n${sql}\n) AS value FROM (SELECT * FROM data LIMIT 0) AS rows)`,
  );
  const type = String(described.get("type")?.[0]);
  if (type !== "BOOLEAN" && type !== '"NULL"')
    throw new DataError(
      "bad-sql",
      `Cannot use the SQL "${sql.slice(0, 200)}" of ${place}: its value is ${type} and not true or false; compare it, as in sum(price) > 0`,
    );
}

async function checkPattern(db: Database, pattern: string): Promise<void> {
  try {
    await db.query(`SELECT regexp_matches('', ${quoteText(pattern)}) AS value`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(
      "bad-sql",
      `Cannot use "${pattern.slice(0, 200)}" of "matches": it is no regular expression of RE2 (${reason.slice(0, 200)})`,
      { cause: error },
    );
  }
}

function findColumn(table: Table, name: string): ColumnType {
  const found = table.columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const names = table.columns.map((column) => column.name);
  throw new DataError("missing-column", `Column "${name}" is not in the data: ${sayColumns(name, names)}`);
}

async function numberSql(db: Database, { name, type }: ColumnType, what: string): Promise<string> {
  if (isNumeric(type)) return quoteName(name);
  // a column of text without any text in it is a column of nothing
  const counted = await db.query(`SELECT count(${quoteName(name)})::DOUBLE AS n FROM data`);
  if (Number(counted.get("n")?.[0]) === 0) return "NULL::DOUBLE";
  throw new DataError(
    "bad-value",
    `Column "${name}" holds other things than numbers, of which there is no ${what}: expect "type: number" of it to see which`,
  );
}

function newestSql({ name, type }: ColumnType, latestMs: number): { aggregate: string; quick: string } {
  const column = quoteName(name);
  if (!/^DATE$|^TIMESTAMP|^VARCHAR$/.test(type))
    throw new DataError("bad-value", `Column "${name}" is no time but ${type}: freshness needs dates or times`);
  const time = (value: string): string =>
    type.startsWith("TIMESTAMP WITH") ? value : type === "VARCHAR" ? momentOf(value) : `${value}::TIMESTAMP`;
  const ms = `epoch_ms(${time(column)})`;
  const aggregate = `max(CASE WHEN ${ms} <= ${latestMs} THEN ${ms} END)::DOUBLE`;
  const newest = `epoch_ms(${time(`max(${column})`)})`;
  return {
    aggregate,
    quick: type === "VARCHAR" ? aggregate : `CASE WHEN ${newest} <= ${latestMs} THEN ${newest} END::DOUBLE`,
  };
}

/**
 * Between which numbers of its order a quantile lies is told by counting, where that decides it: sorting costs ten times
 * as much. The quick answer is the bound that it holds, as its own value is not known.
 */
function quantileSql(
  number: string,
  { at, low, high }: Extract<Expectation, { kind: "quantile" }>,
): { aggregate: string; quick: string } {
  const k = `floor(${at} * (count(${number}) - 1))`;
  const above = low === null ? "true" : `${countIf(`${number} < ${low}`)} <= ${k}`;
  const below = high === null ? "true" : `${countIf(`${number} <= ${high}`)} >= least(${k} + 2, count(${number}))`;
  const quick = `CASE WHEN count(${number}) > 0 AND ${above} AND ${below} THEN ${low ?? high} END::DOUBLE`;
  return { aggregate: `quantile_cont(${number}, ${at})::DOUBLE`, quick };
}

const show = (name: string, longest = 200): string =>
  `left(coalesce(${quoteName(name)}::VARCHAR, '(empty)'), ${longest})`;
