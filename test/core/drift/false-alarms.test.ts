import { expect, it } from "vitest";
import type { ColumnProfile } from "#core/drift/column-profile.ts";
import { judgeDrift } from "#core/drift/judge-drift.ts";

/** Simulation with a fixed seed: how often does a table that did not drift raise the alarm? */

let state = 20260101;
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const numbers = (n: number, draw: () => number) => ({ values: Float64Array.from({ length: n }, draw), missing: 0 });

function mix(n: number, levels: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let row = 0; row < n; row++) {
    const level = String(Math.floor(random() ** 2 * levels));
    counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  return counts;
}

/** 13 columns: eight of numbers (normal, heavy-tailed, whole), five of categories with 2 to 20,000 levels. */
function table(n: number): ColumnProfile[] {
  const draws = [
    normal,
    normal,
    () => random() ** -0.7,
    () => Math.exp(normal()),
    () => Math.floor(random() * 5),
    () => Math.floor(30 + 10 * normal()),
    random,
    () => random() * random(),
  ];
  return [
    ...draws.map((draw, index) => ({
      kind: "numeric" as const,
      column: `n${index}`,
      reference: numbers(n, draw),
      current: numbers(n, draw),
    })),
    ...[2, 4, 30, 300, 20_000].map((levels) => ({
      kind: "categorical" as const,
      column: `c${levels}`,
      reference: mix(n, levels),
      current: mix(n, levels),
    })),
  ];
}

function verdictOf(columns: readonly ColumnProfile[], n: number): string {
  const side = { files: [], rows: n };
  return judgeDrift({
    model: "m",
    version: "v1.0.0",
    reference: side,
    current: side,
    columns,
    lead: undefined,
    at: "2026-01-01T00:00:00Z",
  }).verdict;
}

it.for([
  { n: 100, tables: 200 },
  { n: 300, tables: 100 },
])("at most 2 of 100 tables of 13 columns and $n rows raise a false alarm", ({ n, tables }) => {
  const alarms = Array.from({ length: tables }, () => verdictOf(table(n), n)).filter((verdict) => verdict !== "quiet");
  expect(alarms.length / tables).toBeLessThanOrEqual(0.02);
});

it("a shift of 0.3 standard deviations among 13 columns is found in 2,000 rows", () => {
  const found = Array.from({ length: 5 }, () => {
    const columns = [
      ...table(2_000).slice(1),
      {
        kind: "numeric" as const,
        column: "shifted",
        reference: numbers(2_000, normal),
        current: numbers(2_000, () => normal() + 0.3),
      },
    ];
    return verdictOf(columns, 2_000);
  });
  expect(new Set(found)).toEqual(new Set(["drift"]));
});
