import type { Comparison } from "#core/evidence.ts";
import { escapeCell } from "#core/message/escape.ts";
import { formatCount } from "#core/message/format.ts";

/** What both sides were asked: "1,872 households, `week-41.csv` to `week-44.csv`". */
export function sayHoldout(comparison: Pick<Comparison, "units" | "unitName" | "holdout">): string {
  const [first, ...rest] = comparison.holdout;
  const last = rest.at(-1);
  const files =
    first === undefined ? "" : last === undefined ? `, ${name(first)}` : `, ${name(first)} to ${name(last)}`;
  return `${sayUnits(comparison.units, comparison.unitName)}${files}`;
}

const name = (path: string): string => escapeCell(path.split("/").at(-1) ?? path, 40);

/** A simple English word gets its plural; anything else is shown as the column that it is. */
function sayUnits(count: number, unit: string): string {
  const counted = formatCount(count);
  if (!/^[a-z]{2,30}$/.test(unit)) return `${counted} × ${escapeCell(unit, 40)}`;
  const one = unit === "rows" ? "row" : unit;
  if (count === 1) return `1 ${one}`;
  if (/[^aeiou]y$/.test(one)) return `${counted} ${one.slice(0, -1)}ies`;
  return `${counted} ${one.endsWith("s") ? one : `${one}s`}`;
}
