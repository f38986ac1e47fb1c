import type { DriftColumn } from "#core/drift/drift-record.ts";
import { quantileOf, robustSpread } from "#core/statistics/bins/spread.ts";
import type { NumberPair } from "./pair-numbers.ts";
import type { LevelPair } from "./pair-levels.ts";
import { sayAmount, saySigned, sayShare } from "./say-amount.ts";

type Moved = DriftColumn["moved"];
const moversShown = 10;
const longestShown = 60;

/** "median 52,340 → 54,486 (+4.1 %)", and the end that moved most where the middle tells less. */
export function sayNumbers(pair: NumberPair, isTime: boolean): { says: string; moved: Moved } {
  const { reference, current } = pair;
  if (pair.cells.n === 0 || pair.cells.m === 0) return { says: "", moved: [] };
  const at = (name: string, share: number): Moved[number] => ({
    value: name,
    before: quantileOf(reference, share),
    now: quantileOf(current, share),
  });
  const median = at("median", 0.5);
  const spread = robustSpread(reference);
  const ends = [at("10th percentile", 0.1), at("90th percentile", 0.9)].toSorted((a, b) => distance(b) - distance(a));
  const [end] = ends;
  const isPositive = Math.min(reference[0]?.low ?? 0, current[0]?.low ?? 0) >= 0;
  const parts = [median];
  if (end !== undefined && distance(end) > Math.max(2 * distance(median), spread / 10)) parts.push(end);
  return { says: parts.map((part) => sayQuantile(part, isPositive, isTime)).join("; "), moved: [median] };
}

const distance = ({ before, now }: Moved[number]): number => Math.abs(now - before);

function sayQuantile({ value, before, now }: Moved[number], isPositive: boolean, isTime: boolean): string {
  if (isTime) return `${value} ${sayTime(before)} → ${sayTime(now)}`;
  if (before === now) return `${value} ${sayAmount(now)} as before`;
  const change =
    isPositive && before > 0
      ? saySigned(
          (now - before) / before,
          (size) => `${sayAmount(Number((size * 100).toFixed(size < 0.01 ? 2 : 1)))} %`,
        )
      : saySigned(now - before);
  return `${value} ${sayAmount(before)} → ${sayAmount(now)} (${change})`;
}

/** "web 31.0 % → 38.2 %": the level whose share moved most. Levels are cut, not escaped. */
export function sayLevels(pair: LevelPair): { says: string; moved: Moved } {
  const { levels, first: before, second: now } = pair.counts;
  const [n, m] = pair.totals;
  if (n === 0 || m === 0) return { says: "", moved: [] };
  const furthest = openFurthest();
  for (const [index, value] of levels.entries()) furthest.add(value, (before[index] ?? 0) / n, (now[index] ?? 0) / m);
  const moved = furthest.found();
  const [first] = moved;
  const says = first === undefined ? "" : `${sayLevel(first.value)} ${sayShare(first.before)} → ${sayShare(first.now)}`;
  return { says, moved };
}

/** Keeps the levels that moved most: of tens of thousands, sorting all would take longer than all tests of them. */
function openFurthest(): { add(value: string, before: number, now: number): void; found(): Moved } {
  let kept: { value: string; before: number; now: number }[] = [];
  let least = 0;
  const cut = (): void => {
    kept = kept.sort((a, b) => distance(b) - distance(a) || (a.value < b.value ? -1 : 1)).slice(0, moversShown);
    if (kept.length === moversShown) least = Math.min(...kept.map(distance));
  };
  return {
    add(value, before, now) {
      if (before === now || Math.abs(now - before) < least) return;
      kept.push({ value: value.slice(0, 1_000), before, now });
      if (kept.length > 50 * moversShown) cut();
    },
    found() {
      cut();
      return kept;
    },
  };
}

export function sayLevel(value: string): string {
  return `"${value.length > longestShown ? `${value.slice(0, longestShown)}…` : value}"`;
}

/** "2026-01-31", with the time of day where it is not midnight. Seconds since 1970, UTC. */
export function sayTime(seconds: number): string {
  const at = new Date(seconds * 1_000);
  if (Number.isNaN(at.getTime())) return sayAmount(seconds);
  const text = at.toISOString();
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : `${text.slice(0, 16).replace("T", " ")} UTC`;
}
