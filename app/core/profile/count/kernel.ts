import { countCode } from "./count-code.ts";
import { blockValues, layout } from "./layout.ts";
import { loadCodes, loadName, storages, type Storage } from "./load-code.ts";
import { assemble } from "./wasm-code.ts";

/**
 * The inner loops of counting, as WebAssembly: three times as fast as the same in JavaScript, and from the first value on,
 * where a scan of a second would be over before it is compiled well.
 */
type Exports = {
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  count(from: number, to: number, state: number): number;
} & Readonly<Record<string, (rows: number, always: number) => number>>;
declare const WebAssembly: {
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object) => { exports: Exports };
};

const firstPages = 16;
const statsAt = layout.stats / 8;

let exported: Exports | undefined;
let views = viewsOf(new ArrayBuffer(0));
let nextFree: number = layout.free;
/** addresses that were given back, by size */
const given = new Map<number, number[]>();

function start(): Exports {
  const module = new WebAssembly.Module(assemble(firstPages, [countCode, ...loadCodes]));
  exported = new WebAssembly.Instance(module).exports;
  views = viewsOf(exported.memory.buffer);
  return exported;
}

function viewsOf(buffer: ArrayBuffer) {
  return {
    bytes: new Uint8Array(buffer),
    words: new Int32Array(buffer),
    counts: new Uint32Array(buffer),
    /** the block comes first */
    doubles: new Float64Array(buffer),
  };
}

/** The memory as it is now: it moves when it grows, as `takeRoom` may make it do. */
export function kernelMemory(): typeof views {
  if (exported === undefined) start();
  return views;
}

/** Room for so many counts, all 0, as an index of `counts` that is even. */
export function takeRoom(wanted: number): number {
  const size = evenSize(wanted);
  const again = given.get(size)?.pop();
  if (again !== undefined) {
    kernelMemory().counts.fill(0, again, again + size);
    return again;
  }
  const { memory } = exported ?? start();
  const address = nextFree;
  nextFree += size * 4;
  const missing = nextFree - kernelMemory().bytes.length;
  if (missing > 0) {
    memory.grow(Math.max(16, Math.ceil(missing / 65_536)));
    views = viewsOf(memory.buffer);
  }
  return address / 4;
}

const evenSize = (size: number): number => size + (size % 2);

export function giveBack(room: number, taken: number): void {
  const size = evenSize(taken);
  const rooms = given.get(size);
  if (rooms === undefined) given.set(size, [room]);
  else rooms.push(room);
}

/** What becomes of numbers as they are loaded: times `factor`, by `divisor`, and infinite from `limit` on. */
export type Scale = { factor: number; divisor: number; limit: number };

/**
 * Fills the block with the values among `rows` numbers, 2,048 at most, as the engine stores them, and answers how many
 * they are. `validity`: a bit for each row, 0 for a null; undefined: there are none.
 */
export function loadBlock(
  raw: Uint8Array,
  rows: number,
  storage: Storage,
  validity: Uint8Array | undefined,
  scale: Scale | undefined,
): number {
  if (rows > blockValues || raw.length < rows * storages[storage])
    throw new RangeError(`Cannot load ${rows} numbers from ${raw.length} bytes`);
  const { bytes, doubles } = kernelMemory();
  if (validity === undefined && scale === undefined && storage === "f64") {
    bytes.set(raw, layout.block);
    return rows;
  }
  bytes.set(raw, layout.raw);
  if (validity !== undefined) bytes.set(validity, layout.validity);
  if (scale !== undefined) {
    doubles[statsAt] = scale.factor;
    doubles[statsAt + 1] = scale.divisor;
    doubles[statsAt + 2] = scale.limit;
  }
  const load = (exported ?? start())[loadName(storage, scale !== undefined)];
  return (load?.(rows, validity === undefined ? 1 : 0) ?? 0) / 8;
}

/** Counts the doubles of the block from the one numbered `first` to `last`; answers the first that it could not count. */
export function countBlock(first: number, last: number, state: number): number {
  return (exported ?? start()).count(first * 8, last * 8, state * 4) / 8;
}

/** How many hashes to keep the last count has found, see `foundHash`. */
export function countFound(): number {
  return ((views.words[layout.stats / 4] ?? 0) - layout.found) / 4;
}

export function foundHash(index: number): number {
  return (views.words[layout.found / 4 + index] ?? 0) >>> 0;
}
