import type { Bin, NumberBins } from "#core/profile/number-bins.ts";
import type { NumberSummary } from "#core/profile/table-profile.ts";
import { clipCells, pairBins, type Cells } from "#core/statistics/bins/pair-bins.ts";

/** Numbers of both sides on one grid. */
export type NumberPair = { cells: Cells; reference: readonly Bin[]; current: readonly Bin[] };

/**
 * Brings both sides to the bits that both have. `single`: one side was stored in 32 bits and the other was not, so that
 * equal values differ in their last digits until both are rounded.
 */
export function pairNumbers(sides: readonly [NumberSummary, NumberSummary], single: boolean): NumberPair {
  const binsOf = ({ bins }: NumberSummary): NumberBins => (single ? bins.rounded() : bins);
  const [a, b] = [binsOf(sides[0]), binsOf(sides[1])];
  const bits = Math.min(a.bits, b.bits);
  const cut = (bins: NumberBins): readonly Bin[] => (bins.bits === bits ? bins : bins.coarsened(bits)).bins();
  const [reference, current] = [cut(a), cut(b)];
  const ends = sides.flatMap(({ min, max }) => [min, max]).filter((value) => !Number.isNaN(value));
  const cells = clipCells(pairBins(reference, current), Math.min(...ends), Math.max(...ends));
  return { cells, reference: clipBins(reference, sides[0]), current: clipBins(current, sides[1]) };
}

function clipBins(bins: readonly Bin[], { min, max }: NumberSummary): readonly Bin[] {
  return bins.map((bin) => {
    const { low, high, count } = bin;
    if (low >= min && high <= max) return bin;
    return { low: low < min ? Math.min(min, high) : low, high: high > max ? Math.max(max, low) : high, count };
  });
}
