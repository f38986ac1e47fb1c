/** Just enough WebAssembly to write one function: each of these is the bytes of an instruction. */
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
  loadI32: (offset: number): number[] => [0x28, 2, ...unsigned(offset)],
  loadF64: (offset: number): number[] => [0x2b, 3, ...unsigned(offset)],
  storeI32: (offset: number): number[] => [0x36, 2, ...unsigned(offset)],
  storeF64: (offset: number): number[] => [0x39, 3, ...unsigned(offset)],
  isZero: [0x45],
  atLeastU: [0x4f],
  belowU: [0x49],
  equalF64: [0x61],
  belowF64: [0x63],
  aboveF64: [0x64],
  add: [0x6a],
  subtract: [0x6b],
  multiply: [0x6c],
  and: [0x71],
  or: [0x72],
  xor: [0x73],
  shiftLeft: [0x74],
  shiftRight: [0x75],
  shiftRightU: [0x76],
} as const;

/** A module with one memory of `pages` and one function of `parameters` whole numbers that answers one. */
export function assemble(
  pages: number,
  parameters: number,
  locals: { i32: number; f64: number },
  code: readonly number[],
): Uint8Array<ArrayBuffer> {
  const i32 = 0x7f;
  const body = [2, locals.i32, i32, locals.f64, 0x7c, ...code, ...op.end];
  const name = (text: string): number[] => [text.length, ...Array.from(text, (char) => char.charCodeAt(0))];
  const sections: readonly (readonly [id: number, content: readonly number[]])[] = [
    [1, [1, 0x60, parameters, ...Array.from({ length: parameters }, () => i32), 1, i32]],
    [3, [1, 0]],
    [5, [1, 0, ...unsigned(pages)]],
    [7, [2, ...name("memory"), 2, 0, ...name("run"), 0, 0]],
    [10, [1, ...unsigned(body.length), ...body]],
  ];
  return Uint8Array.from([
    0,
    ...name("asm").slice(1),
    1,
    0,
    0,
    0,
    ...sections.flatMap(([id, content]) => [id, ...unsigned(content.length), ...content]),
  ]);
}

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const last = value >= -0x40 && value < 0x40;
  return last ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
