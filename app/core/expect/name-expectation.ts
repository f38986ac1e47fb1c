import type { Bounds, Expectation, ValueType } from "#core/config/config.ts";
import { formatCount, formatPlain } from "#core/message/format.ts";

const types: Readonly<Record<ValueType, string>> = {
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  date: "a date",
  timestamp: "a time",
  text: "text",
};

/** An expectation as the beginning of a sentence about it: `"age" is between 0 and 120`. */
export function nameExpectation(expectation: Expectation): string {
  const { where, mostly } = expectation;
  const share = mostly === undefined ? "" : `, in ${sayShare(mostly)} of the rows at least`;
  return `${nameCheck(expectation)}${where === undefined ? "" : ` where ${where.slice(0, 200)}`}${share}`;
}

function nameCheck(expectation: Expectation): string {
  switch (expectation.kind) {
    case "not-null":
      return `"${expectation.column}" is ${expectation.mostly === undefined ? "never empty" : "filled"}`;
    case "unique":
      return `"${expectation.column}" is unique`;
    case "unique-rows":
      return `${listColumns(expectation.columns)} together are unique`;
    case "between":
      return `"${expectation.column}" is ${sayBounds(expectation)}`;
    case "in":
      return `"${expectation.column}" is ${oneOf(expectation.values)}`;
    case "not-in":
      return `"${expectation.column}" is not ${oneOf(expectation.values)}`;
    case "matches":
      return `"${expectation.column}" matches ${expectation.pattern.slice(0, 200)}`;
    case "length":
      return `"${expectation.column}" has ${sayBounds(expectation)} characters`;
    case "type":
      return `"${expectation.column}" is ${types[expectation.type]}`;
    case "row-count":
      return `the number of rows is ${sayBounds(expectation, formatPlain)}`;
    case "freshness":
      return `the newest "${expectation.column}" is at most ${sayAge(expectation.withinMs)} old`;
    case "references":
      return `"${expectation.column}" is one of "${expectation.key}" in "${expectation.file}"`;
    case "monotonic":
      return `"${expectation.column}" is ${expectation.order.replace("-", " ")}`;
    case "sum":
    case "mean":
      return `the ${expectation.kind} of "${expectation.column}" is ${sayBounds(expectation)}`;
    case "quantile":
      return `the ${expectation.at} quantile of "${expectation.column}" is ${sayBounds(expectation)}`;
    case "columns":
      return `there ${expectation.columns.length === 1 ? "is the column" : "are the columns"} ${listColumns(expectation.columns)}${expectation.only ? " and no others" : ""}${expectation.ordered ? ", in this order" : ""}`;
    case "sql":
      return `"${expectation.sql.slice(0, 300)}"`;
  }
}

/** "2 d", "36 h": how old something is, in the largest unit that says it well. */
export function sayAge(ageMs: number): string {
  const hours = ageMs / 3_600_000;
  if (hours >= 48) return `${Number((hours / 24).toFixed(1))} d`;
  return hours >= 2 ? `${Number(hours.toFixed(1))} h` : `${Math.round(ageMs / 60_000)} min`;
}

/** "5 %", "0.02 %": never 0 % of something and never 100 % of less than all. */
export function sayShare(share: number): string {
  const percent = share * 100;
  if (share === 0 || share === 1) return `${percent} %`;
  if (percent < 0.01) return "under 0.01 %";
  if (percent > 99.99) return "over 99.99 %";
  return `${Number(percent.toFixed(percent < 1 || percent > 99 ? 2 : 1))} %`;
}

/** Only what is a number of something is written with thousands: 2026 may be a year. */
function sayBounds({ low, high }: Bounds, say: (value: number) => string = String): string {
  if (low === null) return `at most ${high === null ? "anything" : say(high)}`;
  if (high === null) return `at least ${say(low)}`;
  return low === high ? say(low) : `between ${say(low)} and ${say(high)}`;
}

const oneOf = (values: readonly unknown[]): string =>
  values.length === 1 ? `"${String(values[0]).slice(0, 100)}"` : `one of ${formatCount(values.length)} values`;

/** `"a", "b" and 3 more`. */
export const listColumns = (columns: readonly string[]): string =>
  `${columns
    .slice(0, 8)
    .map((column) => `"${column.slice(0, 60)}"`)
    .join(", ")}${columns.length > 8 ? ` and ${formatCount(columns.length - 8)} more` : ""}`;
