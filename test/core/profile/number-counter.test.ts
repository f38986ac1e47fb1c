import { describe, expect, it } from "vitest";
import { DistinctSketch } from "#core/profile/distinct-sketch.ts";
import { NumberBins, storedBins } from "#core/profile/number-bins.ts";
import { BinCounts } from "#core/profile/count/bin-counts.ts";
import { kernelMemory } from "#core/profile/count/kernel.ts";
import { NumberTally } from "#core/profile/count/number-tally.ts";
import { NumberCounter } from "#core/profile/number-counter.ts";

let state = 7;
const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
const normal = (): number => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());

const kinds: Record<string, () => number> = {
  "a normal column": normal,
  "a heavy tail": () => normal() ** 9,
  "narrow and far from 0": () => 1e9 + Math.round(normal() * 1e6) / 1e3,
  "very narrow and very far": () => 1.7e15 + Math.floor(random() * 30_000),
  "whole numbers": () => Math.floor(random() * 1e6) - 5e5,
  "few values": () => Math.floor(random() * 7) / 10,
  "few values, far apart": () => (random() < 0.5 ? -1 : 1) * 10 ** Math.floor(random() * 600 - 300),
  "over all magnitudes": () => (random() < 0.5 ? -1 : 1) * 10 ** (random() * 600 - 300),
  "0 late, subnormal and -0": () =>
    random() < 0.9 ? normal() : random() < 0.5 ? -0 : 5e-324 * Math.floor(random() * 9),
  "clusters over all magnitudes": () => 10 ** (Math.floor(random() * 4) * 150 - 300) * (1 + random() / 1e6),
  ascending: (() => {
    let last = 0;
    return () => (last += random());
  })(),
};

describe("blocks are counted as values are, exactly", () => {
  it.each(Object.entries(kinds))("%s", (_, draw) => {
    const values = Float64Array.from({ length: 24_000 }, draw);
    for (const most of [storedBins, 4_000]) {
      const [bins, distinct, counter] = [new NumberBins(most), new DistinctSketch(), new NumberCounter(most)];
      for (const value of values) {
        bins.add(value);
        distinct.add(value);
      }
      for (let at = 0; at < values.length; at += 1_000) counter.take(values.slice(at, at + 1_000), 1_000);
      const summary = counter.summary();
      expect(summary.bins.bits).toBe(bins.bits);
      expect(summary.bins.entries()).toEqual(bins.entries());
      expect(summary.distinct.depth).toBe(distinct.depth);
      expect(summary.distinct.hashes).toEqual(distinct.hashes);
      expect(summary.min).toBe(Math.min(...values) + 0);
      expect(summary.max).toBe(Math.max(...values) + 0);
    }
  });
});

it("what is not finite is counted apart", () => {
  const counter = new NumberCounter();
  counter.take(Float64Array.of(1, Number.NaN, Infinity, -Infinity, Infinity, -2, 99), 6);
  counter.take(Float64Array.of(Number.NaN), 1);
  const { bins, ...summary } = counter.summary();
  expect(summary).toMatchObject({ nans: 2, negativeInfinite: 1, positiveInfinite: 2, min: -2, max: 1 });
  expect(bins.entries()).toEqual([
    [-2, 1],
    [1, 1],
  ]);
  expect(new NumberCounter().summary().min).toBeNaN();
});

it("counts on where a count of 32 bits would run over", () => {
  const values = Float64Array.from({ length: 9_000 }, () => normal());
  const [bins, tally] = [new NumberBins(storedBins), new NumberTally()];
  for (const value of values) bins.add(value);
  const first = values.slice(0, 2_000);
  const counter = new BinCounts(storedBins, { values: first, counts: new Float64Array(2_000).fill(1) }, 3_000);
  for (let at = 2_000; at < 9_000; at += 500) {
    kernelMemory().doubles.set(values.subarray(at, at + 500));
    counter.takeBlock(0, 500, tally);
  }
  const counted = counter.finish(tally);
  expect(counted.bits).toBe(bins.bits);
  expect(counted.entries()).toEqual(bins.entries());
});
