import type { Bounds, Expectation } from "#core/config/config.ts";
import { parseDurationMs } from "#core/config/duration.ts";
import type { WrittenExpectation } from "#core/config/schema.ts";
import { dataOfPointer } from "#core/pointer/name-pointers.ts";

/** The checks of one entry of `expect:`, one each. What is left out is left out: what is hashed stays as it was. */
export function completeExpectation(written: WrittenExpectation): readonly Expectation[] {
  const { mostly, where, level } = written;
  const terms = {
    ...(mostly === undefined || mostly === 1 ? {} : { mostly }),
    ...(where === undefined ? {} : { where }),
    ...(level === "warn" ? { level } : {}),
  };
  return [...completeTable(written), ...completeColumn(written)].map((check) => ({ ...check, ...terms }));
}

function completeTable(written: WrittenExpectation): Expectation[] {
  const checks: Expectation[] = [];
  if (written.sql !== undefined) checks.push({ kind: "sql", sql: written.sql });
  if (written["row-count"] !== undefined) checks.push({ kind: "row-count", ...toBounds(written["row-count"]) });
  if (Array.isArray(written.unique)) checks.push({ kind: "unique-rows", columns: written.unique });
  if (written.columns !== undefined) {
    const { columns, only = false, ordered = false } = written;
    checks.push({ kind: "columns", columns, only, ordered });
  }
  return checks;
}

function completeColumn(written: WrittenExpectation): Expectation[] {
  const { column, references, quantile, freshness } = written;
  if (column === undefined) return [];
  const checks: Expectation[] = [];
  if (written["not-null"] === true) checks.push({ kind: "not-null", column });
  if (written.unique === true) checks.push({ kind: "unique", column });
  if (written.between !== undefined) checks.push({ kind: "between", column, ...toBounds(written.between) });
  if (written.in !== undefined) checks.push({ kind: "in", column, values: written.in });
  if (written["not-in"] !== undefined) checks.push({ kind: "not-in", column, values: written["not-in"] });
  if (written.matches !== undefined) checks.push({ kind: "matches", column, pattern: written.matches });
  if (written.length !== undefined) checks.push({ kind: "length", column, ...toBounds(written.length) });
  if (written.type !== undefined) checks.push({ kind: "type", column, type: written.type });
  if (freshness !== undefined) checks.push({ kind: "freshness", column, withinMs: parseDurationMs(freshness) ?? 0 });
  if (references !== undefined)
    checks.push({ kind: "references", column, file: dataOfPointer(references.file), key: references.column });
  if (written.monotonic !== undefined) checks.push({ kind: "monotonic", column, order: written.monotonic });
  if (written.sum !== undefined) checks.push({ kind: "sum", column, ...toBounds(written.sum) });
  if (written.mean !== undefined) checks.push({ kind: "mean", column, ...toBounds(written.mean) });
  if (quantile !== undefined) checks.push({ kind: "quantile", column, at: quantile.at, ...toBounds(quantile.between) });
  return checks;
}

function toBounds(written: number | readonly [number | null, number | null]): Bounds {
  return typeof written === "number" ? { low: written, high: written } : { low: written[0], high: written[1] };
}
