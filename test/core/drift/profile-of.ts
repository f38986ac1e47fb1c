import { DistinctSketch } from "#core/profile/distinct-sketch.ts";
import { LevelCounts } from "#core/profile/level-counts.ts";
import { NumberBins } from "#core/profile/number-bins.ts";
import { NumberCounter } from "#core/profile/number-counter.ts";
import type { ColumnSummary, NumberSummary, ProfileType, TableProfile } from "#core/profile/table-profile.ts";

type Value = number | string | null;
/** Values row by row, or rows by level. */
export type Values = readonly Value[] | Float64Array | ReadonlyMap<string, number>;

/** A profile in memory. Numbers are whole if all are; `types` says what a column is to be taken for. */
export function profileOf(
  columns: Readonly<Record<string, Values>>,
  types: Readonly<Record<string, ProfileType>> = {},
): TableProfile {
  const summaries = Object.entries(columns).map(([name, values]) => summarise(name, values, types[name]));
  const [first] = Object.values(columns);
  const rows =
    first === undefined
      ? 0
      : first instanceof Map
        ? [...first.values()].reduce((sum, count) => sum + Number(count), 0)
        : [...first].length;
  return { rows, columns: summaries };
}

function summarise(name: string, values: Values, type?: ProfileType): ColumnSummary {
  if (values instanceof Float64Array) return { name, nulls: 0, ...numbersOf(values, type) };
  if (values instanceof Map) {
    const levels = new LevelCounts();
    for (const [level, count] of values) levels.add(level, count);
    return { name, nulls: 0, type: "text", levels };
  }
  const filled = [...values].filter((value) => value !== null);
  const nulls = [...values].length - filled.length;
  if (filled.length === 0) return { name, nulls, type: "empty" };
  if (typeof filled[0] === "number") return { name, nulls, ...numbersOf(Float64Array.from(filled, Number), type) };
  const levels = new LevelCounts();
  for (const level of filled) levels.add(String(level));
  return { name, nulls, type: type === "boolean" ? "boolean" : "text", levels };
}

function numbersOf(values: Float64Array, wanted?: ProfileType) {
  const whole = values.every((value) => Number.isInteger(value));
  const type =
    wanted === "float32" || wanted === "time" || wanted === "number"
      ? wanted
      : whole
        ? ("integer" as const)
        : ("number" as const);
  return { type, numbers: values.length > 5_000 ? countMany(values) : countFew(values) };
}

function countMany(values: Float64Array): NumberSummary {
  const counter = new NumberCounter();
  counter.take(values.slice(), values.length);
  return counter.summary();
}

/** What `NumberCounter` answers, sooner where there are few. */
function countFew(values: Float64Array): NumberSummary {
  const [bins, distinct] = [new NumberBins(), new DistinctSketch()];
  const finite = values.filter(Number.isFinite);
  for (const value of finite) {
    bins.add(value);
    distinct.add(value);
  }
  const count = (odd: number): number => values.filter((value) => Object.is(value, odd)).length;
  return {
    nans: count(Number.NaN),
    negativeInfinite: count(Number.NEGATIVE_INFINITY),
    positiveInfinite: count(Number.POSITIVE_INFINITY),
    min: finite.length === 0 ? Number.NaN : Math.min(...finite),
    max: finite.length === 0 ? Number.NaN : Math.max(...finite),
    bins,
    distinct,
  };
}
