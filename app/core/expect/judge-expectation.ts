import type { Bounds, Expectation } from "#core/config/config.ts";
import type { ExpectationOutcome } from "#core/evidence.ts";
import { formatCount, formatPlain, formatUnits } from "#core/message/format.ts";
import { listColumns, nameExpectation, sayAge, sayShare } from "./name-expectation.ts";

/** A row that breaks an expectation. */
export type FailingRow = NonNullable<ExpectationOutcome["rows"]>[number];
/** What was found about single rows: `of` are those that could break it. */
export type RowsFound = {
  failing: number;
  of: number;
  rows: readonly FailingRow[];
  values: readonly { value: string; count: number }[];
};

const longestBecause = 2_000;
/** a share that is a sum of others is not cut by the last digit of a double */
const slack = 1e-12;

/** Judges an expectation on single rows. */
export function judgeRows(expectation: Expectation, found: RowsFound): ExpectationOutcome {
  const { failing, of } = found;
  const name = nameExpectation(expectation);
  const share = of === 0 ? 0 : failing / of;
  const holds = failing === 0 || (expectation.mostly !== undefined && 1 - share >= expectation.mostly - slack);
  const examples = found.rows.map(sayRow);
  const rows = isOfValues(expectation) ? `${formatUnits(of, "row")} with a value` : formatUnits(of, "row");
  const because =
    of === 0
      ? `${name}: there is no row that could break it`
      : failing === 0
        ? `${name}: holds for all ${rows}`
        : `${name}: ${formatCount(failing)} of ${rows} ${failing === 1 ? "breaks" : "break"} it (${sayShare(share)}), first ${examples[0] ?? ""}`;
  return {
    ...begin(expectation, name),
    kind: holds ? "pass" : "fail",
    failing,
    of,
    share,
    examples,
    ...(failing === 0 ? {} : { values: [...found.values], rows: [...found.rows] }),
    because: because.slice(0, longestBecause),
  };
}

/** Empty cells break what is said of presence or of whole rows, and nothing else. */
function isOfValues({ kind }: Expectation): boolean {
  return kind !== "not-null" && kind !== "sql" && kind !== "unique-rows";
}

function sayRow({ file, row, line, value }: FailingRow): string {
  return `${file}: row ${row}${line === undefined ? "" : ` (line ${line})`}: ${value}`.slice(0, 1_000);
}

/**
 * Judges one value over all rows, measured on `of` of them; null: there was nothing to measure it on, undefined: it is
 * known to lie within the bounds, and no more of it.
 */
export function judgeTotal(
  expectation: Extract<Expectation, { kind: "row-count" | "sum" | "mean" | "quantile" }>,
  value: number | null | undefined,
  of: number,
): ExpectationOutcome {
  if (value === undefined) return total(expectation, true, `it is, of ${formatUnits(of, "value")}`, of);
  const shown = value === null ? "" : expectation.kind === "row-count" ? formatPlain(value) : sayNumber(value);
  const said = value === null ? "there is no value to measure it on" : `it is ${shown}${sayOdd(value)}`;
  const measured = value !== null && Number.isFinite(value) ? value : null;
  return { ...total(expectation, value !== null && isWithin(value, expectation), said, of), measured };
}

/** Judges an aggregate of the team's; null is not true. */
export function judgeAggregate(expectation: Expectation, value: boolean | null, of: number): ExpectationOutcome {
  return total(
    expectation,
    value === true,
    value === true ? `holds over all ${formatUnits(of, "row")}` : `is not true over all ${formatUnits(of, "row")}`,
    of,
  );
}

/** Judges how old the newest time is, both in milliseconds since 1970; null: there is none that is not in the future. */
export function judgeFreshness(
  expectation: Extract<Expectation, { kind: "freshness" }>,
  newestMs: number | null,
  nowMs: number,
  of: number,
): ExpectationOutcome {
  if (newestMs === null) return total(expectation, false, "there is no time in it that is not in the future", of);
  const age = Math.max(0, nowMs - newestMs);
  const said = `it is ${new Date(newestMs).toISOString()}, ${sayAge(age)} before ${new Date(nowMs).toISOString()}`;
  return { ...total(expectation, age <= expectation.withinMs, said, of), measured: age };
}

/** Judges which columns there are, and their order. */
export function judgeColumns(
  expectation: Extract<Expectation, { kind: "columns" }>,
  there: readonly string[],
): ExpectationOutcome {
  const { columns, only, ordered } = expectation;
  const missing = columns.filter((column) => !there.includes(column));
  const more = only ? there.filter((column) => !columns.includes(column)) : [];
  const wanted = columns.filter((column) => there.includes(column));
  const found = there.filter((column) => columns.includes(column));
  const at = ordered ? wanted.findIndex((column, index) => found[index] !== column) : -1;
  const said = [
    ...(missing.length === 0 ? [] : [`${listColumns(missing)} ${missing.length === 1 ? "is" : "are"} not there`]),
    ...(more.length === 0 ? [] : [`${listColumns(more)} ${more.length === 1 ? "is" : "are"} there besides`]),
    ...(at === -1 ? [] : [`"${found[at]}" stands where "${wanted[at]}" was expected`]),
  ];
  return total(expectation, said.length === 0, said.length === 0 ? sayThere(columns.length) : said.join("; "), null);
}

const sayThere = (count: number): string => (count === 1 ? "it is there" : `all ${formatCount(count)} are there`);

/** An expectation that could not be checked: never a pass. */
export function failToCheck(expectation: Expectation, because: string): ExpectationOutcome {
  return {
    ...begin(expectation, nameExpectation(expectation)),
    kind: "error",
    failing: null,
    of: null,
    examples: [],
    because: because.slice(0, longestBecause),
  };
}

/** Whether an outcome forbids what depends on the data: a warning never does. */
export function isBlocking({ kind, level }: Pick<ExpectationOutcome, "kind" | "level">): boolean {
  return kind !== "pass" && level !== "warn";
}

function total(expectation: Expectation, holds: boolean, said: string, of: number | null): ExpectationOutcome {
  const name = nameExpectation(expectation);
  const because = `${name}: ${said}`.slice(0, longestBecause);
  return { ...begin(expectation, name), kind: holds ? "pass" : "fail", failing: null, of, examples: [], because };
}

function begin({ level }: Expectation, name: string): Pick<ExpectationOutcome, "expectation" | "level"> {
  return { expectation: name.slice(0, 1_000), level: level ?? "fail" };
}

function isWithin(value: number, { low, high }: Bounds): boolean {
  return Number.isFinite(value) && (low === null || value >= low) && (high === null || value <= high);
}

/** Sums of doubles differ in their last digits from run to run: nobody is shown those. */
const sayNumber = (value: number): string => String(Number.isFinite(value) ? Number(value.toPrecision(9)) : value);
const sayOdd = (value: number): string =>
  Number.isFinite(value) ? "" : ", as some values are NaN or infinite: add not-null or between to find them";
