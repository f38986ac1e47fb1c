const view = new DataView(new ArrayBuffer(8));

/** Mantissa bits of a double: with all of them a bin is one value. */
export const allBits = 52;
/** Below `allBits` the finest bins that fit a whole number; the coarsest join four octaves. */
export const [finestBits, coarsestBits] = [41, -2] as const;

/**
 * The bin of a finite double: its sign times the upper part of its magnitude, exponent and `bits` of the mantissa, as a
 * whole number that grows with the value. Values nearer to 0 than 2^-1022 count as 0. `bits`: from `coarsestBits` to
 * `finestBits`.
 */
export function binOf(value: number, bits: number): number {
  view.setFloat64(0, value);
  const high = view.getUint32(0) & 0x7fffffff;
  if (high < 0x100000) return 0;
  const prefix = bits <= 20 ? high >>> (20 - bits) : high * 2 ** (bits - 20) + (view.getUint32(4) >>> (52 - bits));
  return value < 0 ? -prefix : prefix;
}

/** The end of a bin that is nearer to 0: every value of bin `b` lies in [edge(b), edge(b + 1)) for b > 0. */
export function edgeOf(bin: number, bits: number): number {
  const prefix = Math.abs(bin);
  if (prefix === 0) return 0;
  const high = bits <= 20 ? prefix * 2 ** (20 - bits) : Math.floor(prefix / 2 ** (bits - 20));
  if (high >= 0x7ff00000) return Math.sign(bin) * Number.MAX_VALUE;
  view.setUint32(0, high);
  view.setUint32(4, bits <= 20 ? 0 : (prefix % 2 ** (bits - 20)) * 2 ** (52 - bits));
  return Math.sign(bin) * view.getFloat64(0);
}

/** The bin that holds this one once fewer bits are kept. */
export function widenBin(bin: number, by: number): number {
  return Math.trunc(bin / 2 ** by) + 0;
}
