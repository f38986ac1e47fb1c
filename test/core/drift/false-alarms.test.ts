import { expect, it } from "vitest";
import { defaultDriftSettings } from "#core/drift/drift-settings.ts";
import { judgeTables } from "#core/drift/judge-tables.ts";
import { openDraws } from "./draws.ts";
import { profileOf } from "./profile-of.ts";
import { drawTable } from "./simulated-table.ts";

/**
 * Simulation with a fixed seed: how often does a table that did not drift raise the alarm, and how often is a drift
 * found? The long version, whose figures docs/drift.md gives: `node scripts/bench/data/false-alarms.ts`.
 */

it.for([
  { n: 100, m: 100, tables: 60 },
  { n: 300, m: 300, tables: 60 },
  { n: 1_000, m: 300, tables: 30 },
])("no table of 13 columns of $n and $m rows that did not drift is flagged", ({ n, m, tables }) => {
  const flagged = Array.from({ length: tables }, (_, round) => {
    const draws = openDraws(round);
    const { columns } = judgeTables(
      profileOf(drawTable(n, draws)),
      profileOf(drawTable(m, draws)),
      defaultDriftSettings,
    );
    return columns.filter(({ drifted }) => drifted).map(({ column, effectName }) => `${column}: ${effectName}`);
  });
  expect(flagged.flat()).toEqual([]);
});

it("what is worth finding among 13 columns is found in 2,000 rows", () => {
  const draws = openDraws(1);
  const { uniform, normal } = draws;
  const rows = Array.from({ length: 2_000 });
  const sides = [0, 1].map((now) =>
    profileOf({
      ...drawTable(2_000, draws),
      shifted: rows.map(() => normal() + 0.3 * now),
      emptier: rows.map(() => (uniform() < 0.02 + 0.04 * now ? null : normal())),
      "new-level": rows.map(() => (uniform() < 0.03 * now ? "new" : `l${Math.floor(uniform() * 20_000)}`)),
    }),
  );
  const [before, after] = [sides[0] ?? profileOf({}), sides[1] ?? profileOf({})];
  const { columns } = judgeTables(before, after, defaultDriftSettings);
  const drifted = columns.filter((column) => column.drifted).map(({ column }) => column);
  expect(drifted.sort()).toEqual(["emptier", "new-level", "shifted"]);
});
