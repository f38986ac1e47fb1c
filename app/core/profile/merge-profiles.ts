import type { ColumnSummary, NumberSummary, TableProfile } from "./table-profile.ts";

/** Two parts hold the same column as different things. */
export class ProfileMismatch extends Error {
  readonly column: string;
  constructor(column: string, message: string) {
    super(message);
    this.name = "ProfileMismatch";
    this.column = column;
  }
}

/**
 * The profile of all parts together, columns united by name: rows of a part that lacks one have no value in it. Throws a
 * ProfileMismatch where one part has names in a column and another has numbers.
 */
export function mergeProfiles(parts: readonly TableProfile[]): TableProfile {
  return parts.reduce(mergeTwo, { rows: 0, columns: [] });
}

function mergeTwo(first: TableProfile, second: TableProfile): TableProfile {
  const others = new Map(second.columns.map((column) => [column.name, column]));
  const columns = first.columns.map((column) => {
    const other = others.get(column.name);
    others.delete(column.name);
    return other === undefined ? withNulls(column, second.rows) : mergeColumns(column, other);
  });
  for (const column of others.values()) columns.push(withNulls(column, first.rows));
  return { rows: first.rows + second.rows, columns };
}

function withNulls(column: ColumnSummary, rows: number): ColumnSummary {
  return { ...column, nulls: column.nulls + rows };
}

function mergeColumns(a: ColumnSummary, b: ColumnSummary): ColumnSummary {
  const nulls = a.nulls + b.nulls;
  if (b.type === "empty") return { ...a, nulls };
  if (a.type === "empty") return { ...b, nulls };
  if ("numbers" in a && "numbers" in b && (a.type === "time") === (b.type === "time"))
    return { name: a.name, nulls, type: widerType(a.type, b.type), numbers: mergeNumbers(a.numbers, b.numbers) };
  if ("levels" in a && "levels" in b)
    return { name: a.name, nulls, type: a.type === b.type ? a.type : "text", levels: a.levels.merged(b.levels) };
  if (a.type === "nested" && b.type === "nested") return { ...a, nulls };
  throw new ProfileMismatch(
    a.name,
    `Cannot merge the profiles: column "${a.name.slice(0, 60)}" holds ${sayType(a)} in one part and ${sayType(b)} in another; profile both parts with the same type`,
  );
}

type NumberType = "integer" | "number" | "float32" | "time";

function widerType(a: NumberType, b: NumberType): NumberType {
  return a === b ? a : "number";
}

function mergeNumbers(a: NumberSummary, b: NumberSummary): NumberSummary {
  const pick = (choose: (x: number, y: number) => number, x: number, y: number): number =>
    Number.isNaN(x) ? y : Number.isNaN(y) ? x : choose(x, y);
  return {
    nans: a.nans + b.nans,
    negativeInfinite: a.negativeInfinite + b.negativeInfinite,
    positiveInfinite: a.positiveInfinite + b.positiveInfinite,
    min: pick(Math.min, a.min, b.min),
    max: pick(Math.max, a.max, b.max),
    bins: a.bins.merged(b.bins),
    distinct: a.distinct.merged(b.distinct),
  };
}

function sayType({ type }: ColumnSummary): string {
  return {
    integer: "numbers",
    number: "numbers",
    float32: "numbers",
    time: "times",
    text: "text",
    boolean: "true and false",
    empty: "nothing",
    nested: "lists or maps",
  }[type];
}
