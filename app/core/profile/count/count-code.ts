import { layout } from "./layout.ts";
import { op, type WasmFunction } from "./wasm-code.ts";

const { stats: statsAt, found: foundAt } = layout;

/** What a count goes by and what it counts beside bins: where each lies from the beginning of a state, in bytes. */
export const stateAt = {
  /** the least and greatest number */
  min: 0,
  max: 8,
  /** address of the array of counts, `2 * span` of them: of bins from `base`, by `shift` of the upper word */
  counts: 16,
  base: 20,
  span: 24,
  shift: 28,
  /** bits that are 0 in each hash to keep */
  refused: 32,
  /** address of the places of the bins in use, how many these are, and how many there may be, 0 being one */
  used: 36,
  others: 40,
  most: 44,
  zeros: 48,
  nans: 52,
} as const;
export const stateBytes = 56;

const [at, end, state] = [0, 1, 2];
const [high, magnitude, place, count, hash, low, found, zeros, counts, base, span, shift, refused] = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
];
const [value, min, max] = [16, 17, 18];

const read = (local: number, from: keyof typeof stateAt): number[] => [
  ...op.get(state),
  ...op.loadI32(stateAt[from]),
  ...op.set(local),
];
const increase = (of: keyof typeof stateAt): number[] => [
  ...op.get(state),
  ...op.get(state),
  ...op.loadI32(stateAt[of]),
  ...op.i32(1),
  ...op.add,
  ...op.storeI32(stateAt[of]),
];
const next = [...op.get(at), ...op.i32(8), ...op.add, ...op.set(at)];

/**
 * Counts doubles of the block, from an address to an end, by the state at the third. Answers where it stopped: at what it
 * cannot count, the end otherwise. Where the hashes to keep end it leaves in `stats`.
 */
export const countCode: WasmFunction = {
  name: "count",
  parameters: 3,
  locals: { i32: 13, f64: 3 },
  code: [
    [...op.get(state), ...op.loadF64(stateAt.min), ...op.set(min)],
    [...op.get(state), ...op.loadF64(stateAt.max), ...op.set(max)],
    [...read(counts, "counts"), ...read(base, "base"), ...read(span, "span"), ...read(shift, "shift")],
    [...read(refused, "refused"), ...read(zeros, "zeros"), ...op.i32(foundAt), ...op.set(found)],
    op.block,
    op.loop,
    [...op.get(at), ...op.get(end), ...op.atLeastU, ...op.branchIf(1)],
    [...op.get(at), ...op.loadI32(0), ...op.set(low)],
    [...op.get(at), ...op.loadI32(4), ...op.tee(high), ...op.i32(0x7fffffff), ...op.and, ...op.set(magnitude)],
    // 0, next to 0, infinite or NaN
    [...op.get(magnitude), ...op.i32(0x100000), ...op.subtract, ...op.i32(0x7fe00000), ...op.atLeastU, ...op.if],
    [...op.get(at), ...op.loadF64(0), ...op.tee(value), ...op.get(value), ...op.equalF64, ...op.isZero, ...op.if],
    [...increase("nans"), ...next, ...op.branch(2), ...op.end],
    // a 0 that is not the first: least, greatest and hash know it
    [
      ...op.get(magnitude),
      ...op.get(low),
      ...op.or,
      ...op.isZero,
      ...op.get(zeros),
      ...op.i32(0),
      ...op.aboveU,
      ...op.and,
      ...op.if,
    ],
    [...op.get(zeros), ...op.i32(1), ...op.add, ...op.set(zeros), ...next, ...op.branch(2), ...op.end],
    [...op.branch(2), ...op.end],
    // its place among the counts; the sign decides without a branch, as nobody can foresee it
    [...op.get(magnitude), ...op.get(shift), ...op.shiftRightU, ...op.get(base), ...op.subtract, ...op.tee(place)],
    [...op.get(span), ...op.atLeastU, ...op.branchIf(1)],
    [...op.get(high), ...op.i32(31), ...op.shiftRight, ...op.get(span), ...op.and, ...op.get(place), ...op.add],
    [...op.tee(place), ...op.i32(2), ...op.shiftLeft, ...op.get(counts), ...op.add, ...op.tee(hash), ...op.loadI32(0)],
    // the first of its bin, which is noted while there is room
    [...op.tee(count), ...op.isZero, ...op.if],
    [...op.get(state), ...op.loadI32(stateAt.others), ...op.get(zeros), ...op.i32(0), ...op.aboveU, ...op.add],
    [...op.get(state), ...op.loadI32(stateAt.most), ...op.atLeastU, ...op.branchIf(2)],
    [...op.get(state), ...op.loadI32(stateAt.used), ...op.get(state), ...op.loadI32(stateAt.others)],
    [...op.i32(2), ...op.shiftLeft, ...op.add, ...op.get(place), ...op.storeI32(0), ...increase("others"), ...op.end],
    [...op.get(hash), ...op.get(count), ...op.i32(1), ...op.add, ...op.storeI32(0)],
    [...op.get(at), ...op.loadF64(0), ...op.set(value)],
    [...op.get(value), ...op.get(min), ...op.get(value), ...op.get(min), ...op.belowF64, ...op.select, ...op.set(min)],
    [...op.get(value), ...op.get(max), ...op.get(value), ...op.get(max), ...op.aboveF64, ...op.select, ...op.set(max)],
    // as `mixWords`
    [...op.get(high), ...op.get(high), ...op.i32(15), ...op.shiftRightU, ...op.xor, ...op.i32(0x2c1b3c6d)],
    [...op.multiply, ...op.get(low), ...op.xor, ...op.set(hash)],
    [...op.get(hash), ...op.get(hash), ...op.i32(16), ...op.shiftRightU, ...op.xor],
    [...op.i32(0x85ebca6b | 0), ...op.multiply, ...op.set(hash)],
    [...op.get(hash), ...op.get(hash), ...op.i32(13), ...op.shiftRightU, ...op.xor],
    [...op.i32(0xc2b2ae35 | 0), ...op.multiply, ...op.set(hash)],
    [...op.get(hash), ...op.get(hash), ...op.i32(16), ...op.shiftRightU, ...op.xor, ...op.set(hash)],
    [...op.get(hash), ...op.get(refused), ...op.and, ...op.isZero, ...op.if],
    [...op.get(found), ...op.get(hash), ...op.storeI32(0), ...op.get(found), ...op.i32(4), ...op.add, ...op.set(found)],
    op.end,
    [...next, ...op.branch(0)],
    op.end,
    op.end,
    [...op.get(state), ...op.get(min), ...op.storeF64(stateAt.min)],
    [...op.get(state), ...op.get(max), ...op.storeF64(stateAt.max)],
    [...op.get(state), ...op.get(zeros), ...op.storeI32(stateAt.zeros)],
    [...op.i32(0), ...op.get(found), ...op.storeI32(statsAt)],
    op.get(at),
  ].flat(),
};
