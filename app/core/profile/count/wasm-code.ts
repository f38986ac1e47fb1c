/** Just enough WebAssembly to write loops over memory: each of these is the bytes of an instruction. */
export const op = {
  block: [0x02, 0x40],
  loop: [0x03, 0x40],
  if: [0x04, 0x40],
  end: [0x0b],
  branch: (depth: number): number[] => [0x0c, depth],
  branchIf: (depth: number): number[] => [0x0d, depth],
  get: (local: number): number[] => [0x20, local],
  set: (local: number): number[] => [0x21, local],
  tee: (local: number): number[] => [0x22, local],
  select: [0x1b],
  i32: (value: number): number[] => [0x41, ...signed(value)],
  f64: (value: number): number[] => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)],
  loadI32: (offset: number): number[] => [0x28, 2, ...unsigned(offset)],
  loadI64: (offset: number): number[] => [0x29, 3, ...unsigned(offset)],
  loadF32: (offset: number): number[] => [0x2a, 2, ...unsigned(offset)],
  loadF64: (offset: number): number[] => [0x2b, 3, ...unsigned(offset)],
  loadI8: (offset: number): number[] => [0x2c, 0, ...unsigned(offset)],
  loadU8: (offset: number): number[] => [0x2d, 0, ...unsigned(offset)],
  loadI16: (offset: number): number[] => [0x2e, 1, ...unsigned(offset)],
  loadU16: (offset: number): number[] => [0x2f, 1, ...unsigned(offset)],
  storeI32: (offset: number): number[] => [0x36, 2, ...unsigned(offset)],
  storeF64: (offset: number): number[] => [0x39, 3, ...unsigned(offset)],
  isZero: [0x45],
  aboveU: [0x4b],
  atLeastU: [0x4f],
  equalF64: [0x61],
  belowF64: [0x63],
  aboveF64: [0x64],
  atLeastF64: [0x66],
  add: [0x6a],
  subtract: [0x6b],
  multiply: [0x6c],
  and: [0x71],
  or: [0x72],
  xor: [0x73],
  shiftLeft: [0x74],
  shiftRight: [0x75],
  shiftRightU: [0x76],
  absoluteF64: [0x99],
  multiplyF64: [0xa2],
  divideF64: [0xa3],
  copySignF64: [0xa6],
  fromI32: [0xb7],
  fromU32: [0xb8],
  fromI64: [0xb9],
  fromF32: [0xbb],
} as const;

/** A function of `parameters` whole numbers that answers one; the locals follow the parameters. */
export type WasmFunction = {
  name: string;
  parameters: number;
  locals: { i32: number; f64: number };
  code: readonly number[];
};

const [i32, f64] = [0x7f, 0x7c];

/** A module with one memory of `pages`, exported as "memory", and these functions, exported by name. */
export function assemble(pages: number, functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [
    0x60,
    parameters,
    ...Array.from({ length: parameters }, () => i32),
    1,
    i32,
  ]);
  const exported = functions.map(({ name }, index) => [...text(name), 0, index]);
  const bodies = functions.map(({ locals, code }) => {
    const body = [2, locals.i32, i32, locals.f64, f64, ...code, ...op.end];
    return [...unsigned(body.length), ...body];
  });
  const sections: readonly (readonly [id: number, content: readonly number[]])[] = [
    [1, list(types)],
    [3, list(functions.map((_, index) => [index]))],
    [5, [1, 0, ...unsigned(pages)]],
    [7, list([[...text("memory"), 2, 0], ...exported])],
    [10, list(bodies)],
  ];
  const content = sections.flatMap(([id, bytes]) => [id, ...unsigned(bytes.length), ...bytes]);
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...content]);
}

function list(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(name: string): number[] {
  return [name.length, ...Array.from(name, (char) => char.charCodeAt(0))];
}

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const last = value >= -0x40 && value < 0x40;
  return last ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
