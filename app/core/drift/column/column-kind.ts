import type { ColumnSummary, NumberSummary } from "#core/profile/table-profile.ts";
import type { ColumnPair } from "./pair-columns.ts";

/**
 * How a column is compared: as numbers, as categories, by what it covers (ids, times), or not at all: two different
 * things (`retyped`), lists and maps (`nested`), nothing in it (`empty`).
 */
export type ColumnKind = "numeric" | "categorical" | "id" | "time" | "retyped" | "nested" | "empty";

/** Whole numbers with at most this many different values a side are categories: flags, ratings, counts of children. */
const fewValues = 20;
const idShare = 0.99;
/** From here on whole numbers that never repeat are ids, however far apart they lie. */
const manyRows = 10_000;

export function kindOf({ name, sides }: ColumnPair, isName: boolean, isAsked: boolean): ColumnKind {
  const [a, b] = sides;
  if (a.type === "nested" || b.type === "nested") return "nested";
  const filled = sides.filter(({ type }) => type !== "empty");
  if (filled.length === 0) return "empty";
  const numbers = filled.flatMap((side) => ("numbers" in side ? [side.numbers] : []));
  const times = filled.filter(({ type }) => type === "time").length;
  const canName = isName && numbers.every(({ bins }) => bins.isExact);
  if (numbers.length === 0) return kindOfNames(filled, isAsked);
  if (numbers.length < filled.length) {
    // codes of which one is no number any more
    const isCode = canName || (numbers.every(isFew) && filled.every(({ type }) => type !== "boolean"));
    return isCode && times === 0 ? "categorical" : "retyped";
  }
  if (times > 0) return times < filled.length ? "retyped" : isAsked ? "numeric" : "time";
  if (canName || numbers.every(isFew)) return "categorical";
  if (!isAsked && filled.every(({ type }) => type === "integer") && numbers.every((side) => isNumbered(name, side)))
    return "id";
  return "numeric";
}

function kindOfNames(sides: readonly ColumnSummary[], isAsked: boolean): ColumnKind {
  const isId = sides.every((side) => {
    if (!("levels" in side) || side.type === "boolean") return false;
    const { distinct, total, depth } = side.levels;
    // an estimate from a sample of levels is some 1.6 % off
    return total > 1 && distinct > (depth === undefined ? idShare : 0.94) * total;
  });
  return isId && !isAsked ? "id" : "categorical";
}

function isFew({ bins }: NumberSummary): boolean {
  return bins.isExact && bins.size <= fewValues && bins.entries().every(([value]) => Number.isInteger(value));
}

/**
 * Whole numbers of which nearly none repeats: ids if they are called so, lie as close as numbers given one after the
 * other do, or are many. A salary among 300 does not repeat either.
 */
function isNumbered(name: string, numbers: NumberSummary): boolean {
  const { bins, distinct, min, max } = numbers;
  const total = bins.total;
  const share = bins.isExact ? bins.size / total : distinct.estimate / total;
  const isUnique = share > (bins.isExact || distinct.depth === 0 ? idShare : 0.9);
  return (
    isUnique &&
    (/(?:^|[^a-z])(?:id|ids|key|uuid|nr|no|index)$|Id$|ID$/.test(name) || max - min < 20 * total || total >= manyRows)
  );
}
