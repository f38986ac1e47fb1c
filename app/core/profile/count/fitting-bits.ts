import { binOf, coarsestBits, finestBits } from "#core/profile/double-bits.ts";

/** Bins of one sign that an array may span. */
export const widestSpan = 2 ** 17;

/** The most bits, `finestBits` at most, with which values fall into no more bins than `most`. */
export function fittingBits(values: Float64Array, most: number): number {
  const [low, high] = magnitudes(values);
  let bits: number = finestBits;
  while (bits > coarsestBits && binOf(high, bits) - binOf(low, bits) >= widestSpan) bits--;
  const bins = values.map((value) => binOf(value, bits));
  const base = binOf(low, bits);
  if (countMarked(bins, 1, base) <= most) return findFiner(values, most, bits);
  let by = 0;
  do by++;
  while (bits - by > coarsestBits && countMarked(bins, 2 ** by, Math.floor(base / 2 ** by)) > most);
  return bits - by;
}

/** Of what does not count as 0. */
function magnitudes(values: Float64Array): [low: number, high: number] {
  let [low, high] = [Number.MAX_VALUE, 2 ** -1_022];
  for (let index = 0; index < values.length; index++) {
    const magnitude = Math.abs(values[index] ?? 0);
    if (magnitude > high) high = magnitude;
    if (magnitude >= 2 ** -1_022 && magnitude < low) low = magnitude;
  }
  return [Math.min(low, high), high];
}

const marks = new Uint8Array(2 * widestSpan + 2);

/** How many bins there are once `width` of them are joined; `base`: the least of them, sign aside. */
function countMarked(bins: Float64Array, width: number, base: number): number {
  marks.fill(0);
  let count = 0;
  for (let index = 0; index < bins.length; index++) {
    const bin = bins[index] ?? 0;
    const wide = Math.trunc(Math.abs(bin) / width);
    const place = wide === 0 ? 0 : 1 + wide - base + (bin < 0 ? widestSpan : 0);
    if (marks[place] === 1) continue;
    marks[place] = 1;
    count++;
  }
  return count;
}

/** Finer than `bits`, with which they fit, by halving: fewer bits join bins. */
function findFiner(values: Float64Array, most: number, bits: number): number {
  const finest = values.map((value) => binOf(value, finestBits)).sort();
  let [low, high] = [bits, finestBits as number];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (countSorted(finest, 2 ** (finestBits - middle)) <= most) low = middle;
    else high = middle - 1;
  }
  return low;
}

function countSorted(sorted: Float64Array, width: number): number {
  let count = 0;
  let last = Number.NaN;
  for (const bin of sorted) {
    const wide = Math.trunc(bin / width);
    if (wide !== last) count++;
    last = wide;
  }
  return count;
}
