import { coarsestBits, finestBits } from "#core/profile/double-bits.ts";

/** Bins of one sign that an array may span. */
export const widestSpan = 2 ** 17;

/** The most bits, `finestBits` at most, with which values fall into no more bins than `most`; else `coarsestBits`. */
export function fittingBits(values: Float64Array, most: number): number {
  const sorted = values.slice();
  // most come in order
  if (!isAscending(sorted)) sorted.sort();
  const words = new Uint32Array(sorted.buffer);
  // how many neighbours come apart with so many bits and not with fewer
  const apart = new Uint32Array(finestBits - coarsestBits + 1);
  for (let at = 3; at < words.length; at += 2) {
    const bits = bitsApart(words[at - 2] ?? 0, words[at - 3] ?? 0, words[at] ?? 0, words[at - 1] ?? 0);
    if (bits <= finestBits) apart[bits - coarsestBits] = (apart[bits - coarsestBits] ?? 0) + 1;
  }
  let bins = 1 + (apart[0] ?? 0);
  let bits: number = coarsestBits;
  while (bits < finestBits) {
    bins += apart[bits + 1 - coarsestBits] ?? 0;
    if (bins > most) return bits;
    bits++;
  }
  return bits;
}

function isAscending(values: Float64Array): boolean {
  for (let at = 1; at < values.length; at++) if (!((values[at] ?? 0) >= (values[at - 1] ?? 0))) return false;
  return true;
}

/** The fewest bits with which two doubles, given by their words, are in different bins, as `binOf` has it. */
function bitsApart(high: number, low: number, nextHigh: number, nextLow: number): number {
  const [one, other] = [high & 0x7fffffff, nextHigh & 0x7fffffff];
  if (one < 0x100000 && other < 0x100000) return Number.POSITIVE_INFINITY;
  // on both sides of 0, or 0 itself: as soon as one of them is no longer in the bin of 0
  if ((high ^ nextHigh) < 0 || one < 0x100000 || other < 0x100000) return bitsFrom0(Math.max(one, other));
  const differing = (high ^ nextHigh) >>> 0;
  const leading = differing === 0 ? 32 + Math.clz32(low ^ nextLow) : Math.clz32(differing);
  return Math.max(coarsestBits, leading - 11);
}

/** The upper bits of `high` are a bin's number: how many it takes that it is not 0. */
function bitsFrom0(high: number): number {
  return Math.max(coarsestBits, 20 - (31 - Math.clz32(high)));
}
