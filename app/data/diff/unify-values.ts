import { momentOf } from "#data/table/decide-types.ts";
import type { ColumnKind } from "./column-kind.ts";

/**
 * One column on one side. `sql` gives its value; `raw`: it is text of a format that knows nothing else; `huge`: it has
 * whole numbers that a double cannot hold.
 */
export type Typed = { sql: string; type: string; kind: ColumnKind; raw: boolean; huge?: boolean };

/**
 * SQL for the same column of several sides such that equal values are equal: 1 and 1.0, 32 and 64 bits, a date and its
 * midnight. Where one side has single precision alone, decimals are compared in it. Where kinds do not meet, as in a
 * column of numbers that got an "N/A", each value is compared by what it says.
 */
export function unifyValues(columns: readonly Typed[]): readonly string[] {
  const full = columns.filter(({ kind }) => kind !== "empty");
  const kinds = new Set(full.map(({ kind }) => kind));
  const types = new Set(full.map(({ type }) => type));
  const only = (...allowed: readonly ColumnKind[]): boolean => [...kinds].every((kind) => allowed.includes(kind));
  if (only("text")) return asText(columns);
  if (types.size <= 1 && !types.has(zoned)) return columns.map(({ sql, kind }) => (kind === "empty" ? "NULL" : sql));
  const cast = (to: string): string[] =>
    columns.map(({ sql, kind, type }) => (kind === "empty" ? "NULL" : type === to ? sql : `CAST(${sql} AS ${to})`));
  if (only("integer")) return cast([...types].every(fitsBigint) ? "BIGINT" : "HUGEINT");
  if (only("single", "double", "decimal") && kinds.has("single")) return columns.map(toSingle);
  if (only("integer", "single", "double", "decimal"))
    return full.some(({ huge }) => huge === true) ? columns.map(toText) : cast("DOUBLE");
  if (only("date", "timestamp")) return columns.map(toTimestamp);
  return columns.map((column) => (column.kind === "text" ? textLike(column.sql, kinds) : toText(column)));
}

const zoned = "TIMESTAMP WITH TIME ZONE";

const fitsBigint = (type: string): boolean => {
  const digits = /^DECIMAL\((\d+),0\)$/.exec(type)?.[1];
  return digits === undefined ? !/^(?:U?HUGEINT|UBIGINT)$/.test(type) : Number(digits) <= 18;
};

/** Text formats cannot tell an empty text from no value, so nothing they are compared with does either. */
function asText(columns: readonly Typed[]): string[] {
  const raw = columns.some((column) => column.raw);
  return columns.map(({ sql, kind, type }) => {
    if (kind === "empty") return "NULL";
    const text = type === "VARCHAR" ? sql : `${sql}::VARCHAR`;
    return raw ? `nullif(${text}, '')` : text;
  });
}

function toSingle({ sql, kind }: Typed): string {
  if (kind === "empty") return "NULL";
  if (kind === "single") return sql;
  // beyond what single precision holds it would be an error
  const double = `${sql}::DOUBLE`;
  return `CASE WHEN isfinite(${double}) AND abs(${double}) > 3.4e38 THEN sign(${double}) * 'inf'::FLOAT ELSE ${double}::FLOAT END`;
}

function toTimestamp({ sql, kind, type }: Typed): string {
  if (kind === "empty") return "NULL";
  // the session's time zone must not matter
  return type === zoned ? `timezone('UTC', ${sql})` : `CAST(${sql} AS TIMESTAMP)`;
}

/** A value as text such that equal ones of all kinds are equal. */
function toText(column: Typed): string {
  const { sql, kind } = column;
  if (kind === "empty") return "NULL";
  if (kind === "integer") return `CASE WHEN abs(${sql}) < 1e15 THEN ${sql}::DOUBLE::VARCHAR ELSE ${sql}::VARCHAR END`;
  if (kind === "double" || kind === "decimal") return numberText(`${sql}::DOUBLE`);
  if (kind === "single") return numberText(`${sql}::FLOAT`);
  if (kind === "date" || kind === "timestamp") return `${toTimestamp(column)}::VARCHAR`;
  if (kind === "boolean") return `${sql}::VARCHAR`;
  return `nullif(${sql}::VARCHAR, '')`;
}

/** Whole numbers beyond 15 digits as they are written whole; plus zero, as −0 is 0. */
const numberText = (sql: string): string =>
  `CASE WHEN abs(${sql}) BETWEEN 1e15 AND 1e37 AND ${sql} = trunc(${sql}) THEN ${sql}::HUGEINT::VARCHAR ELSE (${sql} + 0)::VARCHAR END`;

/** What is written as a number, and comes back from a double as it was. */
const decimal = String.raw`[-+]?(0|[1-9][0-9]{0,14})?(\.[0-9]*)?([eE][-+]?[0-9]+)?`;

/** A text beside values of other kinds: what reads as one of them is written as they are. */
function textLike(sql: string, kinds: ReadonlySet<ColumnKind>): string {
  const text = `nullif(${sql}::VARCHAR, '')`;
  if (kinds.has("date") || kinds.has("timestamp")) return `coalesce((${momentOf(text)})::VARCHAR, ${text})`;
  if (kinds.has("boolean")) return `CASE WHEN lower(${text}) IN ('true', 'false') THEN lower(${text}) ELSE ${text} END`;
  const number = `regexp_full_match(${text}, '(?i)[-+]?(nan|inf|infinity)|${decimal}')`;
  return `CASE WHEN ${number} THEN coalesce((try_cast(${text} AS DOUBLE) + 0)::VARCHAR, ${text}) ELSE ${text} END`;
}
