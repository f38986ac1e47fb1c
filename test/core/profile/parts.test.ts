import { describe, expect, it } from "vitest";
import { DistinctSketch } from "#core/profile/distinct-sketch.ts";
import { binOf, edgeOf } from "#core/profile/double-bits.ts";
import { LevelCounts, sampledLevels } from "#core/profile/level-counts.ts";
import { NumberBins, storedBins } from "#core/profile/number-bins.ts";

let state = 1;
const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
const normal = (): number => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());

const kinds: Record<string, () => number> = {
  "a normal column": normal,
  "a heavy tail": () => normal() ** 9,
  "narrow and far from 0": () => 1e9 + Math.round(normal() * 1e6) / 1e3,
  "whole numbers": () => Math.floor(random() * 1e6),
  "few values": () => Math.floor(random() * 7) / 10,
  "over all magnitudes": () => (random() < 0.5 ? -1 : 1) * 10 ** (random() * 600 - 300),
};

describe("parts merged are the whole, exactly", () => {
  it.each(Object.entries(kinds))("%s", (_, draw) => {
    const values = Array.from({ length: 20_000 }, draw);
    const whole = new NumberBins(storedBins);
    for (const value of values) whole.add(value);
    const cuts = [0, 10, 700, 9_000, values.length];
    const parts = cuts.slice(1).map((end, index) => {
      const part = new NumberBins(storedBins);
      for (const value of values.slice(cuts[index], end).toReversed()) part.add(value);
      return part;
    });
    const [a, b, c, d] = parts as [NumberBins, NumberBins, NumberBins, NumberBins];
    for (const merged of [a.merged(b).merged(c).merged(d), d.merged(b).merged(a.merged(c))]) {
      expect(merged.bits).toBe(whole.bits);
      expect(merged.entries()).toEqual(whole.entries());
    }
    expect(whole.size).toBeLessThanOrEqual(storedBins);
    expect(whole.total).toBe(values.length);
    const sorted = values.toSorted((x, y) => x - y);
    let at = 0;
    for (const { low, high, count } of whole.bins()) {
      expect(sorted[at]).toBeGreaterThanOrEqual(low);
      at += count;
      expect(sorted[at - 1]).toBeLessThanOrEqual(high);
    }
  });

  it("levels, more than can be kept", () => {
    const rows = Array.from({ length: 84_000 }, (_, index) => `user-${(index * 7_919) % 80_000}`);
    const [whole, first, second] = [new LevelCounts(), new LevelCounts(), new LevelCounts()];
    for (const [index, row] of rows.entries()) {
      whole.add(row);
      (index < 12_000 ? first : second).add(row);
    }
    expect(first.depth).toBeUndefined();
    expect(second.depth).toBeDefined();
    for (const merged of [first.merged(second), second.merged(first)]) {
      expect(merged.depth).toBe(whole.depth);
      expect(merged.levels).toEqual(whole.levels);
      expect([...merged.buckets]).toEqual([...whole.buckets]);
    }
    expect(whole.levels.size).toBeLessThanOrEqual(sampledLevels);
    expect(whole.total).toBe(rows.length);
    expect(Math.abs(whole.distinct / 80_000 - 1)).toBeLessThan(0.08);
  });

  it("how many different numbers", () => {
    const [whole, first, second] = [new DistinctSketch(), new DistinctSketch(), new DistinctSketch()];
    for (let value = 0; value < 50_000; value++) {
      whole.add(value);
      (value % 3 === 0 ? first : second).add(value);
      if (value % 5 === 0) second.add(value);
    }
    const merged = first.merged(second);
    expect(merged.depth).toBe(whole.depth);
    expect(merged.hashes).toEqual(whole.hashes);
    expect(Math.abs(whole.estimate / 50_000 - 1)).toBeLessThan(0.15);
  });
});

it("a bin holds its values, at every width", () => {
  for (const value of [1, -1, 0.1, -0.7, 1e-300, 3e300, 12_345.678, -5e-10]) {
    for (let bits = -2; bits <= 41; bits++) {
      const bin = binOf(value, bits);
      const [inner, outer] = [edgeOf(bin, bits), edgeOf(bin + Math.sign(bin), bits)].map(Math.abs);
      expect(Math.abs(value)).toBeGreaterThanOrEqual(inner ?? NaN);
      expect(Math.abs(value)).toBeLessThan(outer ?? NaN);
    }
  }
  expect([binOf(0, 5), binOf(-0, 5), binOf(5e-324, 5)]).toEqual([0, 0, 0]);
});
