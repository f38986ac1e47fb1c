import { expect, it } from "vitest";
import { chiSquaredTail } from "#core/statistics/tails/chi-squared-tail.ts";
import { criticalT } from "#core/statistics/tails/critical-t.ts";
import { gammaTail } from "#core/statistics/tails/gamma-tail.ts";
import { normalTail } from "#core/statistics/tails/normal-tail.ts";
import goldens from "./goldens/goldens.json" with { type: "json" };

const relative = (value: number, truth: number): number => Math.abs(value - truth) / truth;

it.for(goldens.chiSquaredTail)(
  "chiSquaredTail() agrees with scipy at x = $x, $degrees degrees",
  ({ x, degrees, p }) => {
    expect(relative(chiSquaredTail(x, degrees), p)).toBeLessThan(1e-12);
  },
);

it.for(goldens.normalTail)("normalTail() agrees with scipy at z = $z", ({ z, p }) => {
  expect(relative(normalTail(z), p)).toBeLessThan(1e-12);
});

it.for(goldens.criticalT)("criticalT() agrees with scipy at $degrees degrees", ({ degrees, t }) => {
  expect(relative(criticalT(degrees), t)).toBeLessThan(1e-10);
});

it.for([
  [NaN, 1, NaN],
  [1, -1, NaN],
  [0, 1, NaN],
  [2, 0, 1],
  [2, Infinity, 0],
] as const)("gammaTail(%d, %d) is %d at the edge of its domain", ([a, x, tail]) => {
  expect(gammaTail(a, x)).toBe(tail);
});

it("criticalT() has no answer below one degree of freedom", () => {
  expect(criticalT(0)).toBeNaN();
});
