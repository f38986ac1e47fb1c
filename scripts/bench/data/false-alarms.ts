import { defaultDriftSettings } from "#core/drift/drift-settings.ts";
import { judgeTables } from "#core/drift/judge-tables.ts";
import { openDraws, type Draws } from "#test/core/drift/draws.ts";
import { profileOf, type Values } from "#test/core/drift/profile-of.ts";
import { drawTable } from "#test/core/drift/simulated-table.ts";

/**
 * The simulation whose figures docs/drift.md gives, always the same: tables that did not drift, and what is found among
 * columns that did not. `node scripts/bench/data/false-alarms.ts`; some minutes.
 */

const quiet = [
  { n: 300, m: 300, tables: 1_000 },
  { n: 1_000, m: 1_000, tables: 600 },
  { n: 5_000, m: 5_000, tables: 300 },
  { n: 50_000, m: 50_000, tables: 40 },
  { n: 2_000, m: 200, tables: 600 },
];

/** One column on one side: `now` is 0 for the reference, 1 for what has come. */
const moves: Readonly<Record<string, (draws: Draws, now: number) => number | string | null>> = {
  "shifted by 0.3": ({ normal }, now) => normal() + 0.3 * now,
  "empty 2 to 6 %": ({ uniform, normal }, now) => (uniform() < 0.02 + 0.04 * now ? null : normal()),
  "new level of 3 % among 5": ({ uniform }, now) => (uniform() < 0.03 * now ? "new" : `l${Math.floor(uniform() * 5)}`),
  "new level of 3 % among 20,000": ({ uniform }, now) =>
    uniform() < 0.03 * now ? "new" : `l${Math.floor(uniform() * 20_000)}`,
};

function findDrifted(before: Record<string, Values>, now: Record<string, Values>): string[] {
  const { columns } = judgeTables(profileOf(before), profileOf(now), defaultDriftSettings);
  return columns.filter(({ drifted }) => drifted).map(({ column }) => column);
}

for (const { n, m, tables } of quiet) {
  const drifted = Array.from({ length: tables }, (_, round) => {
    const draws = openDraws(1_000 + round);
    return findDrifted(drawTable(n, draws), drawTable(m, draws)).length;
  });
  const flagged = drifted.filter((count) => count > 0).length;
  process.stdout.write(
    `${n} and ${m} rows: ${flagged} of ${tables} tables flagged (${drifted.reduce((a, b) => a + b, 0)} columns)\n`,
  );
}

for (const rows of [300, 1_000]) {
  for (const [name, draw] of Object.entries(moves)) {
    const found = Array.from({ length: 200 }, (_, round) => {
      const draws = openDraws(5_000 + round);
      const side = (now: number): Record<string, Values> => ({
        ...drawTable(rows, draws),
        moved: Array.from({ length: rows }, () => draw(draws, now)),
      });
      return findDrifted(side(0), side(1)).includes("moved");
    }).filter(Boolean).length;
    process.stdout.write(`${rows} rows, ${name}: found in ${(found / 2).toFixed(1)} %\n`);
  }
}
