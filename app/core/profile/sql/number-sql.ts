import { keptHashes } from "#core/profile/distinct-sketch.ts";
import type { Dialect } from "./dialect.ts";
import { isNumeric, type SqlColumn } from "./sql-column.ts";
import { numberOf, type SqlTable } from "./sql-table.ts";

/** Answers that `countsSql` gives for a column of numbers, in this order. */
export const numberCounts = ["values", "nans", "below", "above", "min", "max", "least"] as const;

/**
 * One row: all rows, then for each column of numbers `numberCounts` (`least`: the least magnitude that does not count as
 * 0), for each other one its values.
 */
export function countsSql(table: SqlTable, columns: readonly SqlColumn[]): string {
  const inner = columns.map(
    (column, index) => `${isNumeric(column) ? numberOf(table, column) : table.dialect.quote(column.name)} AS x${index}`,
  );
  const counts = columns.flatMap((column, index) => {
    const x = `x${index}`;
    if (!isNumeric(column)) return [`count(${x})`];
    const { largest, smallest } = literals(table.dialect);
    return [
      `count(${x})`,
      `count(CASE WHEN isnan(${x}) THEN 1 END)`,
      `count(CASE WHEN ${x} < -${largest} THEN 1 END)`,
      `count(CASE WHEN ${x} > ${largest} AND NOT isnan(${x}) THEN 1 END)`,
      `min(CASE WHEN abs(${x}) <= ${largest} THEN ${x} END)`,
      `max(CASE WHEN abs(${x}) <= ${largest} THEN ${x} END)`,
      `min(CASE WHEN abs(${x}) BETWEEN ${smallest} AND ${largest} THEN abs(${x}) END)`,
    ];
  });
  const named = ["count(*)", ...counts].map((sql, index) => `${sql} AS c${index}`);
  const rows = inner.length === 0 ? table.from : `(SELECT ${inner.join(", ")} FROM ${table.from}) t`;
  return `SELECT ${named.join(", ")} FROM ${rows}`;
}

/** A row for each of the finite values, with its rows, so many at the most. */
export function valuesSql(table: SqlTable, column: SqlColumn, most: number): string {
  return `SELECT x AS c0, count(*) AS c1 FROM ${finite(table, column)} GROUP BY x LIMIT ${most}`;
}

/** A row for each bin as `binOf` gives it, with its rows, so many at the most. */
export function binsSql(table: SqlTable, column: SqlColumn, bits: number, most: number): string {
  const { double, whole } = table.dialect;
  const [width, one] = [literal(table.dialect, 2 ** bits), double("1")];
  // with all bits of the exponent the sum is a whole number, with fewer it is one only once it is cut
  const prefix =
    bits >= 0
      ? `(e + ${double("1023")}) * ${width} + floor((a / ${power(table.dialect, "e")} - ${one}) * ${width})`
      : `floor((e + ${double("1023")}) * ${width})`;
  const bin = `CASE WHEN a < ${literals(table.dialect).smallest} THEN 0 WHEN x < 0 THEN -${whole(prefix)} ELSE ${whole(prefix)} END`;
  return `SELECT b AS c0, count(*) AS c1 FROM (SELECT ${bin} AS b FROM ${octaves(table, column)}) v GROUP BY b LIMIT ${most}`;
}

/** The least hashes of the finite values, as `hashNumber` gives them, below `limit`: one more than a sketch keeps. */
export function hashesSql(table: SqlTable, column: SqlColumn, limit: number): string {
  const { dialect } = table;
  const { double, whole, either, drop } = dialect;
  const { smallest } = literals(dialect);
  const half = literal(dialect, 2 ** 537);
  const words = [
    // the mantissa of a value next to 0 is the value in units of 2^-1074, which is no number that can be divided by
    `SELECT x, CASE WHEN a < ${smallest} THEN 0 ELSE ${whole("e")} + 1023 END AS e`,
    `${whole(`CASE WHEN a < ${smallest} THEN a * ${half} * ${half} ELSE (a / ${power(dialect, "e")} - ${double("1")}) * ${literal(dialect, 2 ** 52)} END`)} AS m`,
  ];
  const high = `CASE WHEN x < 0 THEN 2147483648 ELSE 0 END + e * 1048576 + ${drop("m", 32)}`;
  const steps: readonly string[] = [
    `SELECT ${whole(high)} AS p, m & 4294967295 AS h`,
    `SELECT ${either("h", multiply(dialect, `${either("p", drop("p", 15))}`, 0x2c1b3c6d))} AS h`,
    `SELECT ${multiply(dialect, either("h", drop("h", 16)), 0x85ebca6b)} AS h`,
    `SELECT ${multiply(dialect, either("h", drop("h", 13)), 0xc2b2ae35)} AS h`,
    `SELECT ${either("h", drop("h", 16))} AS h`,
  ];
  const hashed = [words.join(", "), ...steps].reduce(
    (from, step, index) => `(${step} FROM ${from}) s${index}`,
    octaves(table, column),
  );
  // no WHERE: Spark would write all steps into one condition, each twice in the next
  const low = `SELECT CASE WHEN h < ${limit} THEN h END AS h FROM ${hashed}`;
  return `SELECT h AS c0 FROM (${low}) b GROUP BY h ORDER BY c0 NULLS LAST LIMIT ${keptHashes + 1}`;
}

/** `x` and, exactly, its magnitude `a` and the exponent `e` of it (what is nearer to 0 than 2^-1022 has that one). */
function octaves(table: SqlTable, column: SqlColumn): string {
  const { dialect } = table;
  const { double } = dialect;
  const [lowest, highest, one] = [double("-1022"), double("1023"), double("1")];
  const near = `least(greatest(${double(`floor(log2(greatest(a, ${literals(dialect).smallest})))`)}, ${lowest}), ${highest})`;
  // a logarithm is rounded: next to a power of 2 it may be on the wrong side
  const exact = `CASE WHEN e > ${lowest} AND ${power(dialect, "e")} > a THEN e - ${one} WHEN e < ${highest} AND ${power(dialect, `e + ${one}`)} <= a THEN e + ${one} ELSE e END`;
  const magnitudes = `(SELECT x, abs(x) AS a FROM ${finite(table, column)}) m`;
  return `(SELECT x, a, ${exact} AS e FROM (SELECT x, a, ${near} AS e FROM ${magnitudes}) n) o`;
}

function finite(table: SqlTable, column: SqlColumn): string {
  const values = `(SELECT ${numberOf(table, column)} AS x FROM ${table.from}) r`;
  return `(SELECT x FROM ${values} WHERE abs(x) <= ${literals(table.dialect).largest}) f`;
}

/** The lower 32 bits of the product of two numbers of 32 bits; no part of it needs more than 63. */
function multiply({ drop }: Dialect, sql: string, factor: number): string {
  return `(((${drop(sql, 16)} * ${factor} & 65535) * 65536 + (${sql} & 65535) * ${factor}) & 4294967295)`;
}

function power({ double }: Dialect, exponent: string): string {
  return `power(${double("2")}, ${exponent})`;
}

/** A double with each of its bits. */
function literal({ double }: Dialect, value: number): string {
  return double(`'${value}'`);
}

function literals(dialect: Dialect): { largest: string; smallest: string } {
  return { largest: literal(dialect, Number.MAX_VALUE), smallest: literal(dialect, 2 ** -1_022) };
}
