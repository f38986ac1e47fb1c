import { expect, it } from "vitest";
import {
  decimalsOf,
  formatCount,
  formatDuration,
  formatInterval,
  formatNumber,
  formatPlain,
  formatSize,
} from "#core/message/format.ts";
import { estimate } from "./report-fixture.ts";

it.for([
  [0, "0.0 s"],
  [412, "0.4 s"],
  [9_949, "9.9 s"],
  [9_999, "10 s"],
  [59_600, "1 min"],
  [372_000, "6 min 12 s"],
  [3_599_900, "1 h"],
  [7_500_000, "2 h 5 min"],
  [86_400_000, "24 h"],
  [Number.NaN, "—"],
  [-1, "—"],
] as const)("formatDuration(%d) is %s", ([durationMs, said]) => {
  expect(formatDuration(durationMs)).toBe(said);
});

it.for([
  [1_872, "1,872"],
  [-3, "−3"],
  [999, "999"],
  [1_000_000, "1,000,000"],
  [Infinity, "—"],
] as const)("formatCount(%d) is %s", ([count, said]) => {
  expect(formatCount(count)).toBe(said);
});

it.for([
  [0, "0 B"],
  [999, "999 B"],
  [1_080_000, "1.1 MB"],
  [126_900_000, "127 MB"],
  [999_600, "1.0 MB"],
] as const)("formatSize(%d) is %s", ([bytes, said]) => {
  expect(formatSize(bytes)).toBe(said);
});

it.for([
  [1234.5, 1, {}, "1,234.5"],
  [-0.0001, 3, { signed: true }, "0.000"],
  [-0.01, 3, { signed: true }, "−0.010"],
  [0.01, 3, { signed: true }, "+0.010"],
  [null, 3, {}, "—"],
  [Number.NaN, 3, {}, "—"],
  [1e300, 2, {}, "1.00e+300"],
] as const)("formatNumber(%d, %d, %j) is %s", ([value, decimals, options, said]) => {
  expect(formatNumber(value, decimals, options)).toBe(said);
});

it.for([
  [0.002, "0.002"],
  [1_000, "1,000"],
  [-3, "−3"],
  [1e-9, "1e−9"],
] as const)("formatPlain(%d) is %s", ([value, said]) => {
  expect(formatPlain(value)).toBe(said);
});

it.for([
  { point: 0.012, half: 0.005, said: "(+0.007 to +0.017)" },
  { point: -1.3, half: 0.6, said: "(−1.9 to −0.7)" },
  { point: 0.0106, half: 0.0015, said: "(+0.0091 to +0.0121)" },
  { point: 4_200, half: 310, said: "(+3,890 to +4,510)" },
  { point: 0.00495, half: 0.005, said: "(−0.00005 to +0.00995)" },
])("an interval of $point ± $half is $said", ({ point, half, said }) => {
  const value = estimate(point, half);
  expect(formatInterval(value, decimalsOf(value), { signed: true })).toBe(said);
});

it("decimalsOf() copes with what was not measured", () => {
  expect(decimalsOf(null)).toBe(3);
  expect(decimalsOf({ point: null, low: null, high: null, n: 0 })).toBe(3);
  expect(decimalsOf({ point: 0.5, low: 0.5, high: 0.5, n: 1 })).toBe(3);
});
