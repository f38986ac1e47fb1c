import type { ValueType } from "#core/config/config.ts";
import type { WrittenExpectation } from "#core/config/schema.ts";
import { formatCount, formatUnits } from "#core/message/format.ts";
import { sayAge, sayShare } from "./name-expectation.ts";
import { widenRange, type SeenRange } from "./widen-range.ts";

/** What a column of data that a team trusts is like. */
export type ColumnFacts = {
  name: string;
  /** undefined: a type of which nothing is expected, such as a list */
  type: ValueType | undefined;
  /** cells that hold a value, which NaN is not */
  values: number;
  /** share of cells with a value in the file that has the most empty ones */
  leastFull: number;
  distinct: number;
  /** of numbers, where all are finite */
  range: SeenRange | undefined;
  /** of text, in characters */
  lengths: { low: number; high: number } | undefined;
  /** every value and how often it is there, where there are few */
  levels: readonly { value: string | number; count: number }[] | undefined;
  /** milliseconds since 1970 of the newest date or time */
  newestMs: number | undefined;
};

export type TableFacts = {
  rows: number;
  files: number;
  /** rows of the file that has the fewest */
  fewestRows: number;
  columns: readonly ColumnFacts[];
  /** columns of which no two rows are equal in all, where no single one is a key */
  key: readonly string[] | undefined;
};

/** An entry for `expect:` and why it is there, in a few words. */
export type Draft = { entry: WrittenExpectation; why: string };

/** with fewer rows a column without a repeated value says nothing about the next rows */
export const fewestForKeys = 100;
const fewestPerLevel = 5;
/** below this share of values a column is one that may well be empty */
const nearlyFull = 0.9;
const oldestMs = 90 * 86_400_000;
const dayMs = 86_400_000;

/** Drafts expectations from data that holds them: what is always so in it, with room for what it has not shown. */
export function draftExpectations(table: TableFacts, nowMs: number): readonly Draft[] {
  const { rows, key } = table;
  const columns = table.columns.filter(({ name }) => isWritable(name));
  const drafts: Draft[] = [
    { entry: { columns: columns.map(({ name }) => name) }, why: "they are there now" },
    draftRowCount(table),
  ];
  if (key !== undefined)
    drafts.push({ entry: { unique: [...key] }, why: `no two of ${formatUnits(rows, "row")} are equal in these` });
  for (const column of columns) {
    const draft = draftColumn(column, rows);
    if (draft !== undefined) drafts.push(draft);
    drafts.push(...draftFullness(column, table));
    const { newestMs } = column;
    const age = newestMs === undefined ? undefined : nowMs - newestMs;
    if (age === undefined || age < -dayMs || age > oldestMs) continue;
    const days = Math.max(2, Math.ceil((2 * age) / dayMs));
    drafts.push({
      entry: { column: column.name, freshness: `${days}d`, level: "warn" },
      why: `the newest is ${sayAge(Math.max(0, age))} old now: twice that, set it to how often the data should come`,
    });
  }
  return drafts;
}

/** What comes next is one file as often as all of them: a bound that fits one fits both. */
function draftRowCount({ rows, files, fewestRows }: TableFacts): Draft {
  const half = Math.max(1, roundDown(fewestRows / 2));
  const why =
    files === 1
      ? `half of the ${formatCount(rows)} there are: fewer were cut off`
      : `half of the ${formatCount(fewestRows)} in the smallest of ${formatCount(files)} files, so that one file may be checked: fewer were cut off`;
  return { entry: { "row-count": [half, null] }, why };
}

/** Of a column that is empty now and then: that it does not become so often. */
function draftFullness({ name, type, leastFull }: ColumnFacts, { files, fewestRows }: TableFacts): readonly Draft[] {
  if (type === undefined || leastFull === 1 || leastFull < nearlyFull || fewestRows < fewestForKeys) return [];
  const empty = 1 - leastFull;
  // half as many again, one in a hundred at least, and what chance does to so few rows
  const room = Math.max(empty / 2, 0.01, 3 * Math.sqrt((empty * leastFull) / fewestRows));
  const mostly = Math.floor(Number(((leastFull - room) * 1_000).toFixed(6))) / 1_000;
  const seen = `${sayShare(leastFull)} filled${files === 1 ? "" : " in the file with the most empty cells"}`;
  return [{ entry: { column: name, "not-null": true, mostly }, why: `${seen}, with room for chance` }];
}

function draftColumn(column: ColumnFacts, rows: number): Draft | undefined {
  const { name, type, values, distinct } = column;
  if (type === undefined) return undefined;
  const entry: WrittenExpectation = { column: name, type };
  const why: string[] = [];
  if (values === 0) return undefined;
  if (values === rows) {
    entry["not-null"] = true;
    why.push("never empty");
  }
  if (isKey(column, rows)) {
    entry.unique = true;
    why.push("no value twice");
  } else if (
    column.levels !== undefined &&
    column.levels.every(({ value, count }) => count >= fewestPerLevel && isWritable(String(value)))
  ) {
    entry.in = column.levels.map(({ value }) => value);
    why.push(
      distinct === 1
        ? "always the same"
        : `all ${distinct} values, the rarest ${formatCount(Math.min(...column.levels.map(({ count }) => count)))} times`,
    );
  } else if (column.range !== undefined) {
    const { low, high } = column.range;
    entry.between = widenRange(column.range, type === "integer");
    why.push(`seen ${short(low)} to ${short(high)}, with room for what the next rows may bring`);
  } else if (column.lengths !== undefined && column.lengths.low === column.lengths.high && column.lengths.high > 0) {
    entry.length = column.lengths.high;
    why.push(`always ${column.lengths.high} characters`);
  }
  if (why.length === 0) why.push(`all ${formatCount(values)} values are`);
  return { entry, why: why.join("; ") };
}

/** Numbers with a fraction and times are different by chance. */
export function isKey({ type, values, distinct }: ColumnFacts, rows: number): boolean {
  return rows >= fewestForKeys && values === rows && distinct === rows && (type === "integer" || type === "text");
}

/** A config holds no characters that hide or break. */
const isWritable = (text: string): boolean => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text) && text.length <= 1_000;

const short = (value: number): number => Number(value.toPrecision(6));

/** To two digits. */
function roundDown(count: number): number {
  const digits = String(Math.floor(count)).length;
  const step = 10 ** Math.max(0, digits - 2);
  return Math.floor(count / step) * step;
}
