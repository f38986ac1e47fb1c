import type { DriftCoverage } from "#core/drift/drift-record.ts";
import type { NumberSummary } from "#core/profile/table-profile.ts";
import { pairLevels } from "./column/pair-levels.ts";
import type { ColumnPair } from "./column/pair-columns.ts";
import { sayAmount, sayShare } from "./column/say-amount.ts";
import { sayTime } from "./column/say-move.ts";

/** How far a column of times reaches on both sides, and the gap between them. Seconds since 1970. */
export function describeTimes({ name, sides }: ColumnPair): DriftCoverage {
  const [before, now] = sides.map((side) => ("numbers" in side ? side.numbers : undefined));
  const spans = { ...spanOf("reference", before), ...spanOf("current", now) };
  const gap = (now?.min ?? NaN) - (before?.max ?? NaN);
  const said = [
    now === undefined || Number.isNaN(now.max) ? "no time now" : `${sayTime(now.min)} to ${sayTime(now.max)} now`,
    before === undefined || Number.isNaN(before.max)
      ? "none in the reference"
      : `${sayTime(before.min)} to ${sayTime(before.max)} in the reference`,
    ...(Number.isNaN(gap) ? [] : [gap >= 0 ? `a gap of ${sayDuration(gap)}` : `an overlap of ${sayDuration(-gap)}`]),
  ];
  return {
    column: name.slice(0, 1_000),
    kind: "time",
    says: said.join(", "),
    ...spans,
    ...(Number.isNaN(gap) ? {} : { gapSeconds: gap }),
  };
}

/** How many ids there are, how often they repeat, and how many of them the reference knew. */
export function describeIds(pair: ColumnPair): DriftCoverage {
  const { distinct, rows, isExact } = countIds(pair);
  // an estimate may exceed what there can be
  const about = isExact ? sayAmount(distinct) : `about ${sayAmount(Math.min(rows, Math.round(distinct)))}`;
  const said = [`${about} different in ${sayAmount(rows)} rows now`];
  const levels = pairLevels(pair.sides);
  if (levels !== undefined) {
    const { first, second } = levels.counts;
    const now = second.filter((count) => count > 0).length;
    const known = second.filter((count, index) => count > 0 && (first[index] ?? 0) > 0).length;
    if (now > 0) said.push(`${sayShare(known / now)} of them in the reference too`);
  }
  return { column: pair.name.slice(0, 1_000), kind: "id", says: said.join(", ") };
}

function countIds({ sides: [, now] }: ColumnPair): { distinct: number; rows: number; isExact: boolean } {
  if ("levels" in now) {
    const { distinct, total, depth } = now.levels;
    return { distinct, rows: total, isExact: depth === undefined };
  }
  if (!("numbers" in now)) return { distinct: 0, rows: 0, isExact: true };
  const { bins, distinct } = now.numbers;
  const isExact = bins.isExact || distinct.depth === 0;
  return { distinct: bins.isExact ? bins.size : distinct.estimate, rows: bins.total, isExact };
}

function spanOf(side: "reference" | "current", numbers: NumberSummary | undefined): Partial<DriftCoverage> {
  if (numbers === undefined || Number.isNaN(numbers.max)) return {};
  const at = (seconds: number): string => {
    const date = new Date(seconds * 1_000);
    return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
  };
  return { [side]: { oldest: at(numbers.min), newest: at(numbers.max) } };
}

function sayDuration(seconds: number): string {
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}
