import { layout } from "./layout.ts";
import { op, type WasmFunction } from "./wasm-code.ts";

const names = ["i8", "u8", "i16", "u16", "i32", "u32", "f32", "i64", "f64"] as const;

/** How the engine stores a number, and how many bytes each takes. */
export const storages: Readonly<Record<Storage, number>> = {
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  f32: 4,
  i64: 8,
  f64: 8,
};
export type Storage = (typeof names)[number];

const { stats: statsAt, raw: rawAt, validity: validityAt } = layout;

/** The instructions that put the number at an address of `raw` on the stack, as a double; rounded once, as a cast is. */
const loads: Readonly<Record<Storage, readonly number[]>> = {
  i8: [...op.loadI8(rawAt), ...op.fromI32],
  u8: [...op.loadU8(rawAt), ...op.fromI32],
  i16: [...op.loadI16(rawAt), ...op.fromI32],
  u16: [...op.loadU16(rawAt), ...op.fromI32],
  i32: [...op.loadI32(rawAt), ...op.fromI32],
  u32: [...op.loadI32(rawAt), ...op.fromU32],
  f32: [...op.loadF32(rawAt), ...op.fromF32],
  i64: [...op.loadI64(rawAt), ...op.fromI64],
  f64: op.loadF64(rawAt),
};

const [rows, always, row, from, to] = [0, 1, 2, 3, 4];
const value = 5;

// times factor by divisor; infinite from the limit on, which a time has for a number
const scale = [
  [...op.i32(0), ...op.loadF64(statsAt), ...op.multiplyF64, ...op.i32(0), ...op.loadF64(statsAt + 8), ...op.divideF64],
  [...op.set(value), ...op.f64(Number.POSITIVE_INFINITY), ...op.get(value), ...op.copySignF64, ...op.get(value)],
  [...op.get(value), ...op.absoluteF64, ...op.i32(0), ...op.loadF64(statsAt + 16), ...op.atLeastF64, ...op.select],
].flat();

/** The name of the function that loads numbers of this storage. */
export const loadName = (storage: Storage, scaled: boolean): string => `${scaled ? "scale" : "load"}-${storage}`;

/** Makes doubles of the values among so many rows, without the nulls, and answers their end. `always`: 1 if none is null. */
export const loadCodes: readonly WasmFunction[] = names.flatMap((storage) =>
  [false, true].map((scaled) => ({
    name: loadName(storage, scaled),
    parameters: 2,
    locals: { i32: 3, f64: 1 },
    code: [
      op.block,
      op.loop,
      [...op.get(row), ...op.get(rows), ...op.atLeastU, ...op.branchIf(1)],
      [...op.get(to), ...op.get(from), ...loads[storage], ...(scaled ? scale : []), ...op.storeF64(layout.block)],
      // what was null is written over by the next
      [...op.get(row), ...op.i32(3), ...op.shiftRightU, ...op.loadU8(validityAt)],
      [
        ...op.get(row),
        ...op.i32(7),
        ...op.and,
        ...op.shiftRightU,
        ...op.get(always),
        ...op.or,
        ...op.i32(1),
        ...op.and,
      ],
      [...op.i32(3), ...op.shiftLeft, ...op.get(to), ...op.add, ...op.set(to)],
      [...op.get(from), ...op.i32(storages[storage]), ...op.add, ...op.set(from)],
      [...op.get(row), ...op.i32(1), ...op.add, ...op.set(row), ...op.branch(0)],
      op.end,
      op.end,
      op.get(to),
    ].flat(),
  })),
);
