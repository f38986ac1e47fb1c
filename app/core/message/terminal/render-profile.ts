import { plainLine } from "#core/message/escape.ts";
import { formatCount, formatUnits } from "#core/message/format.ts";
import { histogramOf, quantileOf } from "#core/profile/quantile.ts";
import type { ColumnSummary, NumberSummary, TableProfile } from "#core/profile/table-profile.ts";
import { alignColumns } from "./align-columns.ts";
import { sparkline } from "./sparkline.ts";

const bars = 12;
const shownLevels = 3;

/** A profile as a table for the terminal, one line a column. Names and levels are strangers': cut and cleaned. */
export function renderProfile({ rows, columns }: TableProfile): string {
  const head = ["column", "type", "nulls", "distinct", "min", "median", "max", ""];
  const lines = columns.map((column) => [
    plainLine(column.name, 40),
    column.type,
    share(column.nulls, rows),
    ...("numbers" in column ? sayNumbers(column.type, column.numbers) : sayLevels(column)),
  ]);
  return `${formatUnits(rows, "row")}, ${formatUnits(columns.length, "column")}\n\n${alignColumns([head, ...lines], [2, 3, 4, 5, 6])}\n`;
}

function sayNumbers(type: ColumnSummary["type"], numbers: NumberSummary): string[] {
  const say = type === "time" ? sayTime : sayNumber;
  // the outermost hundredth on either side would leave one bar of all the rest
  const [low, high] = [quantileOf(numbers, 0.01), quantileOf(numbers, 0.99)];
  const { isExact, size } = numbers.bins;
  const counts =
    isExact && size <= bars ? numbers.bins.entries().map(([, count]) => count) : histogramOf(numbers, low, high, bars);
  const chart = counts.some((count) => count > 0) ? sparkline([0, ...counts], bars + 1).slice(1) : "";
  const infinite = numbers.negativeInfinite + numbers.positiveInfinite;
  const odd = [
    ...(numbers.nans > 0 ? [`${formatCount(numbers.nans)} NaN`] : []),
    ...(infinite > 0 ? [`${formatCount(infinite)} infinite`] : []),
  ];
  return [
    isExact ? formatCount(size) : `≈ ${formatCount(Number(numbers.distinct.estimate.toPrecision(2)))}`,
    say(numbers.min),
    say(quantileOf(numbers, 0.5)),
    say(numbers.max),
    [chart, ...odd].join(" ").trim(),
  ];
}

function sayLevels(column: ColumnSummary): string[] {
  if (!("levels" in column)) return ["", "", "", "", ""];
  const { levels } = column;
  const { total, distinct } = levels;
  const top = [...levels.levels].sort(([, a], [, b]) => b - a).slice(0, shownLevels);
  const said = top.map(([level, count]) => `${plainLine(level, 24)} ${share(count, total)}`);
  const sampled = levels.depth !== undefined;
  return [
    sampled ? `≈ ${formatCount(Number(distinct.toPrecision(2)))}` : formatCount(distinct),
    "",
    "",
    "",
    `${sampled ? "such as " : ""}${said.join(", ")}${distinct > top.length ? ", …" : ""}`,
  ];
}

/** "0", "0.02 %", "12 %": of nothing, nothing. */
function share(count: number, of: number): string {
  if (count === 0) return "0";
  const percent = (100 * count) / of;
  return `${percent >= 99.95 || percent < 0.0005 ? percent.toFixed(0) : Number(percent.toPrecision(2))} %`;
}

function sayNumber(value: number): string {
  if (Number.isNaN(value)) return "";
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return formatCount(value);
  return String(Number(value.toPrecision(4))).replace("-", "−");
}

function sayTime(seconds: number): string {
  const date = new Date(seconds * 1_000);
  if (Number.isNaN(date.getTime())) return Number.isNaN(seconds) ? "" : `${sayNumber(seconds)} s`;
  return date.toISOString().slice(0, 19).replace("T", " ");
}
