/** Rows of a table by column; all columns are equally long. */
export type Rows = Map<string, (number | string | null)[]>;

/** A column as a tree sees it: a small code a row. Codes of categories have no order. */
export type Feature = { column: string; codes: Uint8Array; bins: number; isOrdered: boolean };

const mostBins = 32;

/** Both sides' rows one after the other, in at most 32 codes a column; 0 is a missing value. */
export function binRows(reference: Rows, current: Rows): Feature[] {
  return [...reference].map(([column, before]) => {
    const values = [...before, ...(current.get(column) ?? [])];
    return values.some((value) => typeof value === "string") ? codeLevels(column, values) : codeNumbers(column, values);
  });
}

function codeNumbers(column: string, values: readonly (number | string | null)[]): Feature {
  const numbers = Float64Array.from(values, (value) =>
    typeof value === "number" && Number.isFinite(value) ? value : NaN,
  );
  const sorted = numbers.filter((value) => !Number.isNaN(value)).sort();
  const edges = new Set<number>();
  for (let bin = 1; bin < mostBins - 1; bin++) {
    const edge = sorted[Math.floor((sorted.length * bin) / (mostBins - 1))];
    if (edge !== undefined && edge > (sorted[0] ?? edge)) edges.add(edge);
  }
  const limits = [...edges];
  const codes = Uint8Array.from(numbers, (value) =>
    Number.isNaN(value) ? 0 : 1 + limits.filter((edge) => edge <= value).length,
  );
  return { column, codes, bins: limits.length + 2, isOrdered: true };
}

/** The most frequent levels by themselves, the others as one. */
function codeLevels(column: string, values: readonly (number | string | null)[]): Feature {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  const named = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, mostBins - 2);
  const codes = new Map(named.map(([level], index) => [level, index + 1]));
  return {
    column,
    codes: Uint8Array.from(values, (value) => (value === null ? 0 : (codes.get(String(value)) ?? mostBins - 1))),
    bins: mostBins,
    isOrdered: false,
  };
}
