import type { TensorData, TensorType } from "./tensors.ts";

const makers: Record<TensorType, (length: number) => TensorData> = {
  float32: (length) => new Float32Array(length),
  float64: (length) => new Float64Array(length),
  int8: (length) => new Int8Array(length),
  uint8: (length) => new Uint8Array(length),
  int16: (length) => new Int16Array(length),
  uint16: (length) => new Uint16Array(length),
  int32: (length) => new Int32Array(length),
  uint32: (length) => new Uint32Array(length),
  int64: (length) => new BigInt64Array(length),
  uint64: (length) => new BigUint64Array(length),
  bool: (length) => new Uint8Array(length),
  string: (length) => Array<string>(length).fill(""),
};

/** Zeros (or empty texts) in the array that a type is kept in. */
export function makeData(type: TensorType, length: number): TensorData {
  return makers[type](length);
}
