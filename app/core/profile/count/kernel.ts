import { assemble, op } from "./wasm-code.ts";

/**
 * The inner loop of `BinCounts`, for all values whose bin has a count already, as WebAssembly: three times as fast as the
 * same in JavaScript, and from the first value on, where a scan of a second would be over before it is compiled well.
 */
export const blockBytes = 16_384;

// where things lie in the memory: the block of doubles, what comes back, the hashes to keep, then the counts
const [statAt, foundAt, freeAt] = [blockBytes, blockBytes + 64, 2 * blockBytes];
const firstPages = 16;

const [at, end, counts, base, span, shift, refused, zeroKnown] = [0, 1, 2, 3, 4, 5, 6, 7];
const [high, magnitude, place, count, hash, low, found, zeros, nans] = [8, 9, 10, 11, 12, 13, 14, 15, 16];
const [value, min, max] = [17, 18, 19];

const code: readonly number[] = [
  [...op.i32(0), ...op.loadF64(statAt), ...op.set(min), ...op.i32(0), ...op.loadF64(statAt + 8), ...op.set(max)],
  [...op.i32(foundAt), ...op.set(found)],
  op.block,
  op.loop,
  [...op.get(at), ...op.get(end), ...op.atLeastU, ...op.branchIf(1)],
  [...op.get(at), ...op.loadI32(0), ...op.set(low)],
  [...op.get(at), ...op.loadI32(4), ...op.tee(high), ...op.i32(0x7fffffff), ...op.and, ...op.set(magnitude)],
  // 0, next to 0, infinite or NaN
  [...op.get(magnitude), ...op.i32(0x100000), ...op.subtract, ...op.i32(0x7fe00000), ...op.atLeastU, ...op.if],
  [...op.get(at), ...op.loadF64(0), ...op.tee(value), ...op.get(value), ...op.equalF64, ...op.isZero, ...op.if],
  [...op.get(nans), ...op.i32(1), ...op.add, ...op.set(nans)],
  [...op.get(at), ...op.i32(8), ...op.add, ...op.set(at), ...op.branch(2), ...op.end],
  // a 0 that is not the first: least, greatest and hash know it
  [...op.get(magnitude), ...op.get(low), ...op.or, ...op.isZero, ...op.get(zeroKnown), ...op.and, ...op.if],
  [...op.get(zeros), ...op.i32(1), ...op.add, ...op.set(zeros)],
  [...op.get(at), ...op.i32(8), ...op.add, ...op.set(at), ...op.branch(2), ...op.end],
  [...op.branch(2), ...op.end],
  // its place among the counts; the sign decides without a branch, as nobody can foresee it
  [...op.get(magnitude), ...op.get(shift), ...op.shiftRightU, ...op.get(base), ...op.subtract, ...op.tee(place)],
  [...op.get(span), ...op.atLeastU, ...op.branchIf(1)],
  [...op.get(high), ...op.i32(31), ...op.shiftRight, ...op.get(span), ...op.and, ...op.get(place), ...op.add],
  [...op.i32(2), ...op.shiftLeft, ...op.get(counts), ...op.add, ...op.tee(place), ...op.loadI32(0)],
  [...op.tee(count), ...op.isZero, ...op.branchIf(1)],
  [...op.get(place), ...op.get(count), ...op.i32(1), ...op.add, ...op.storeI32(0)],
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
  [...op.get(at), ...op.i32(8), ...op.add, ...op.set(at), ...op.branch(0)],
  op.end,
  op.end,
  [...op.i32(0), ...op.get(min), ...op.storeF64(statAt), ...op.i32(0), ...op.get(max), ...op.storeF64(statAt + 8)],
  [...op.i32(0), ...op.get(found), ...op.storeI32(statAt + 16), ...op.i32(0), ...op.get(zeros)],
  [...op.storeI32(statAt + 20), ...op.i32(0), ...op.get(nans), ...op.storeI32(statAt + 24)],
  op.get(at),
].flat();

type Exports = {
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  run(...values: number[]): number;
};
declare const WebAssembly: {
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object) => { exports: Exports };
};

let exported: Exports | undefined;
let views = { words: new Int32Array(0), counts: new Uint32Array(0), doubles: new Float64Array(0) };
let nextFree = freeAt;
/** addresses that were given back, by size */
const given = new Map<number, number[]>();

function start(): Exports {
  const module = new WebAssembly.Module(assemble(firstPages, 8, { i32: 9, f64: 3 }, code));
  return (exported = new WebAssembly.Instance(module).exports);
}

/** The memory as it is now: it moves when it grows. */
export function kernelMemory(): typeof views {
  const { buffer } = (exported ?? start()).memory;
  if (views.words.buffer !== buffer)
    views = { words: new Int32Array(buffer), counts: new Uint32Array(buffer), doubles: new Float64Array(buffer) };
  return views;
}

/** Room for so many counts, all 0, as an index of `counts`. */
export function takeRoom(size: number): number {
  const again = given.get(size)?.pop();
  if (again !== undefined) {
    kernelMemory().counts.fill(0, again, again + size);
    return again;
  }
  const { memory } = exported ?? start();
  const address = nextFree;
  nextFree += size * 4;
  const missing = nextFree - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.max(16, Math.ceil(missing / 65_536)));
  return address / 4;
}

export function giveBack(room: number, size: number): void {
  const rooms = given.get(size);
  if (rooms === undefined) given.set(size, [room]);
  else rooms.push(room);
}

/** What a run of the kernel is about: the array of counts, and what is known of the column. */
export type Run = { room: number; base: number; span: number; shift: number; refused: number; zeroKnown: boolean };
/** `at`: the value that it could not count, or the end. `hashes`: how many were found, see `foundHash`. */
export type Ran = { at: number; min: number; max: number; hashes: number; zeros: number; nans: number };

/** Counts the doubles from the one numbered `first` to `last` at the beginning of the memory. */
export function runKernel(first: number, last: number, about: Run, min: number, max: number): Ran {
  const { doubles, words } = kernelMemory();
  doubles[statAt / 8] = min;
  doubles[statAt / 8 + 1] = max;
  const { room, base: from, span: width, shift: by, refused: bits, zeroKnown: known } = about;
  const stopped = (exported ?? start()).run(first * 8, last * 8, room * 4, from, width, by, bits, known ? 1 : 0);
  return {
    at: stopped / 8,
    min: doubles[statAt / 8] ?? 0,
    max: doubles[statAt / 8 + 1] ?? 0,
    hashes: ((words[statAt / 4 + 4] ?? 0) - foundAt) / 4,
    zeros: words[statAt / 4 + 5] ?? 0,
    nans: words[statAt / 4 + 6] ?? 0,
  };
}

export function foundHash(index: number): number {
  return (views.words[foundAt / 4 + index] ?? 0) >>> 0;
}
