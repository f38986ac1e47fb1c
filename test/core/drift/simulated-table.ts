import type { Draws } from "./draws.ts";
import type { Values } from "./profile-of.ts";

/** Columns that data has: normal, heavy-tailed, whole, skewed and with empty cells; 2 to 20,000 levels. */
const numeric: Readonly<Record<string, (draws: Draws) => number | null>> = {
  normal: ({ normal }) => normal(),
  wide: ({ normal }) => 1_000 + 250 * normal(),
  pareto: ({ uniform }) => (1 - uniform()) ** -0.7,
  lognormal: ({ normal }) => Math.exp(normal()),
  whole: ({ normal }) => Math.round(30 + 10 * normal()),
  few: ({ uniform }) => Math.floor(uniform() * 5),
  "mostly-zero": ({ uniform }) => (uniform() < 0.7 ? 0 : uniform() * 100),
  gaps: ({ uniform, normal }) => (uniform() < 0.04 ? null : normal()),
};
const levels = [2, 4, 30, 1_000, 20_000];

/** One side of a table that never drifts. */
export function drawTable(rows: number, draws: Draws): Record<string, Values> {
  const columns: Record<string, Values> = {};
  for (const [name, draw] of Object.entries(numeric)) columns[name] = Array.from({ length: rows }, () => draw(draws));
  for (const count of levels) columns[`level-${count}`] = drawLevels(rows, count, draws);
  return columns;
}

function drawLevels(rows: number, levelCount: number, { uniform }: Draws): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const level = String(Math.floor(uniform() ** 2 * levelCount));
    counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  return counts;
}
