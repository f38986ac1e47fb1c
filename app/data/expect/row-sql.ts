import type { Bounds, Expectation, ValueType } from "#core/config/config.ts";
import type { ColumnType } from "#data/table/read-table.ts";
import { isOfType } from "#data/table/decide-types.ts";
import { quoteName, quoteText } from "#data/sql-text.ts";

const whole = /^U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?$/;
const float = /^(?:DOUBLE|FLOAT)$/;
const stored: Readonly<Record<ValueType, RegExp>> = {
  integer: whole,
  number: /^U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?$|^DOUBLE$|^FLOAT$|^DECIMAL\(\d+,\d+\)$/,
  boolean: /^BOOLEAN$/,
  date: /^DATE$/,
  timestamp: /^DATE$|^TIMESTAMP/,
  text: /^VARCHAR$|^ENUM|^UUID$/,
};
const written: Readonly<Record<Exclude<ValueType, "text">, readonly string[]>> = {
  integer: ["BIGINT"],
  number: ["BIGINT", "DOUBLE"],
  boolean: ["BOOLEAN"],
  date: ["DATE"],
  timestamp: ["DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"],
};

export const isWhole = (type: string): boolean => whole.test(type);
export const isContinuous = (type: string): boolean => float.test(type);
export const isNumeric = (type: string): boolean => stored.number.test(type);

type OfValue = Extract<Expectation, { kind: "not-null" | "between" | "in" | "not-in" | "matches" | "length" | "type" }>;

/** SQL that is true for a row which breaks the expectation. `text`: the column was read from a file of text. */
export function failingSql(expectation: OfValue, { name, type }: ColumnType, text: boolean): string {
  const column = quoteName(name);
  switch (expectation.kind) {
    case "not-null":
      if (float.test(type)) return `${column} IS NULL OR isnan(${column})`;
      return type === "VARCHAR" ? `${column} IS NULL OR ltrim(lower(${column}), '+-') = 'nan'` : `${column} IS NULL`;
    case "between":
      return failingBetween(column, type, expectation);
    case "in":
      return `NOT (${isAmong(column, type, expectation.values)})`;
    case "not-in":
      return isAmong(column, type, expectation.values);
    case "matches":
      // a full match is looked up once for each entry of a dictionary, a search is not
      return `NOT regexp_full_match(${asText(column, type)}, ${quoteText(wholePattern(expectation.pattern))})`;
    case "length":
      return `NOT (${isWithin(`length(${asText(column, type)})`, expectation)})`;
    case "type":
      return failingType(column, type, expectation.type, text);
  }
}

/** Counts rows of which something is true; the engine's own count is null where it is null for all. */
export const countIf = (condition: string): string => `coalesce(count_if(${condition}), 0)`;

/** How many rows of all break the expectation, as an aggregate that costs less than to ask it of each row. */
export function countFailingSql(expectation: OfValue, { name, type }: ColumnType): string | undefined {
  const column = quoteName(name);
  if (expectation.kind === "not-null" && type !== "VARCHAR") {
    const nan = float.test(type) ? ` + ${countIf(`isnan(${column})`)}` : "";
    return `(count(*) - count(${column})${nan})`;
  }
  if (expectation.kind !== "between" || !isNumeric(type)) return undefined;
  const { low, high } = closeBounds(type, expectation);
  const sides = [...(low === null ? [] : [`${column} < ${low}`]), ...(high === null ? [] : [`${column} > ${high}`])];
  return `(${sides.map(countIf).join(" + ")})`;
}

/** Infinities and NaN, which is above all else, are beyond the bounds of a double, and of an open side too. */
function closeBounds(type: string, { low, high }: Bounds): Bounds {
  return float.test(type) ? { low: low ?? -Number.MAX_VALUE, high: high ?? Number.MAX_VALUE } : { low, high };
}

/** What is no number is between nothing. */
function failingBetween(column: string, type: string, bounds: Bounds): string {
  if (isNumeric(type)) return `NOT (${isWithin(column, closeBounds(type, bounds))})`;
  const number = `try_cast(${column}::VARCHAR AS DOUBLE)`;
  return `${column} IS NOT NULL AND NOT coalesce(isfinite(${number}) AND ${isWithin(number, bounds)}, false)`;
}

function isWithin(value: string, { low, high }: Bounds): string {
  if (low !== null && high !== null) return `${value} BETWEEN ${low} AND ${high}`;
  return low === null ? `${value} <= ${high}` : `${value} >= ${low}`;
}

/** Numbers are compared as numbers, whatever their width, and everything else by how it is written. */
function isAmong(column: string, type: string, values: readonly (string | number | boolean)[]): string {
  if (isNumeric(type)) {
    const numbers = values
      .filter((value) => typeof value !== "boolean" && String(value).trim() !== "")
      .map(Number)
      .filter(Number.isFinite);
    return numbers.length === 0 ? `${column} IS NULL AND NULL` : `${column} IN (${numbers.join(", ")})`;
  }
  const texts = values.map((value) => quoteText(String(value))).join(", ");
  // one look at each entry of a dictionary is cheaper than a comparison a row, as long as the list is short
  return values.length <= 200
    ? `list_contains([${texts}], ${asText(column, type)})`
    : `${asText(column, type)} IN (${texts})`;
}

/** A pattern that matches all of a text in which this one is found. */
function wholePattern(pattern: string): string {
  const plain = !pattern.includes("|") && !pattern.includes("(?");
  const before = plain && pattern.startsWith("^") ? "" : "(?s:.*)";
  const after = plain && /(?:^|[^\\])(?:\\\\)*\$$/.test(pattern) ? "" : "(?s:.*)";
  return `${before}(?:${pattern})${after}`;
}

function failingType(column: string, type: string, wanted: ValueType, text: boolean): string {
  if (stored[wanted].test(type) || (text && wanted === "text")) return "false";
  if (wanted !== "text") {
    if (text && type === "VARCHAR") return `${column} IS NOT NULL AND NOT ${isOfType(column, written[wanted])}`;
    if (wanted === "integer" && float.test(type)) return `NOT (isfinite(${column}) AND ${column} = trunc(${column}))`;
    if (wanted === "date" && type.startsWith("TIMESTAMP")) return `${column} <> ${column}::DATE`;
  }
  return `${column} IS NOT NULL`;
}

const asText = (column: string, type: string): string => (type === "VARCHAR" ? column : `${column}::VARCHAR`);
