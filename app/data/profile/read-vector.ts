import type { DuckDBVector } from "@duckdb/node-api";
import type { NumberUnit } from "./column-kind.ts";

/** The most rows of a piece that the engine hands over. */
export const vectorRows = 2_048;

const [day, never] = [86_400, 0x7fffffff];

/** Copies what is not null from the first `rows` of a vector of numbers to `block`, in `unit`; answers how many these are. */
export function readVector(vector: DuckDBVector, rows: number, unit: NumberUnit, block: Float64Array): number {
  const items: unknown = Reflect.get(vector, "items");
  if (items instanceof BigInt64Array) readLongs(items, rows, unit, block);
  else if (isNumbers(items)) block.set(items.length === rows ? items : items.subarray(0, rows));
  else throw new TypeError(`Cannot read numbers from a vector of ${vector.type.toString()}`);
  const kept = dropNulls(vector, rows, block);
  if (unit === "days") toSeconds(block, kept);
  return kept;
}

/** By their two words: a BigInt for each would take ten times as long. */
function readLongs(items: BigInt64Array, rows: number, unit: NumberUnit, block: Float64Array): void {
  const words = new Int32Array(items.buffer, items.byteOffset, rows * 2);
  const divisor = unit === "as-is" ? 1 : 1e6;
  for (let row = 0; row < rows; row++) {
    const high = words[2 * row + 1] ?? 0;
    // 2^32 times a word is exact, so that the sum is rounded once, as a cast rounds
    block[row] = (high * 0x100000000 + ((words[2 * row] ?? 0) >>> 0)) / divisor;
  }
  if (unit !== "microseconds") return;
  // "infinity" is the largest number there is, "-infinity" its negative
  for (let row = 0; row < rows; row++) {
    const [low, high] = [words[2 * row] ?? 0, words[2 * row + 1] ?? 0];
    if (high === never && low === -1) block[row] = Number.POSITIVE_INFINITY;
    else if (high === -0x80000000 && low === 1) block[row] = Number.NEGATIVE_INFINITY;
  }
}

function toSeconds(block: Float64Array, length: number): void {
  for (let at = 0; at < length; at++) {
    const days = block[at] ?? 0;
    block[at] = Math.abs(days) === never ? days * Number.POSITIVE_INFINITY : days * day;
  }
}

/** Moves what is not null together; a bit of the engine's bitmap is set for each value. */
function dropNulls(vector: DuckDBVector, rows: number, block: Float64Array): number {
  const validity: unknown = Reflect.get(vector, "validity");
  const bits: unknown = typeof validity === "object" && validity !== null ? Reflect.get(validity, "data") : undefined;
  if (bits === null) return rows;
  if (!(bits instanceof BigUint64Array))
    throw new TypeError("Cannot tell nulls from values: the engine's vectors differ");
  const words = new Int32Array(bits.buffer, bits.byteOffset, bits.length * 2);
  let kept = 0;
  for (let row = 0; row < rows; row++) {
    if ((((words[row >>> 5] ?? 0) >>> (row & 31)) & 1) === 1) block[kept++] = block[row] ?? 0;
  }
  return kept;
}

function isNumbers(
  items: unknown,
): items is Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array {
  return ArrayBuffer.isView(items) && !(items instanceof DataView) && !(items instanceof BigUint64Array);
}
