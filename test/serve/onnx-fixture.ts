import { digest } from "#core/canonical.ts";
import type { ServedModel } from "#serve/model-source.ts";

// ONNX files by hand: fields of (number, type) as protocol buffers have them.

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
}
export const number = (field: number, value: number): Buffer => Buffer.concat([varint(field * 8), varint(value)]);
export const bytes = (field: number, ...parts: (string | Buffer)[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([varint(field * 8 + 2), varint(body.length), body]);
};

export const types = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;
export type Type = keyof typeof types;

/** An input (11) or output (12) of a graph; `null` is a dimension of any size without a name. */
export function value(field: number, name: string, type: Type, shape: readonly (number | string | null)[]): Buffer {
  const dimensions = shape.map((size) =>
    bytes(1, ...(size === null ? [] : [typeof size === "string" ? bytes(2, size) : number(1, size)])),
  );
  return bytes(field, bytes(1, name), bytes(2, bytes(1, number(1, types[type]), bytes(2, ...dimensions))));
}

/** An initializer (5 in a graph, 5 in an attribute). */
export function tensor(
  field: number,
  name: string,
  type: Type,
  shape: readonly number[],
  raw: ArrayBufferView,
): Buffer {
  return bytes(
    field,
    ...shape.map((size) => number(1, size)),
    number(2, types[type]),
    bytes(8, name),
    bytes(9, Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)),
  );
}

export const attribute = (name: string, kind: number, body: Buffer): Buffer =>
  bytes(5, bytes(1, name), body, number(20, kind));
export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  ...more: Buffer[]
): Buffer {
  return bytes(
    1,
    ...inputs.map((name) => bytes(1, name)),
    ...outputs.map((name) => bytes(2, name)),
    bytes(4, operator),
    ...more,
  );
}
export const graph = (field: number, ...parts: Buffer[]): Buffer => bytes(field, ...parts, bytes(2, "fixture"));
export const model = (...parts: Buffer[]): Uint8Array =>
  new Uint8Array(Buffer.concat([number(1, 8), ...parts, bytes(8, number(2, 13))]));

/** y = x · factor + 0, FP32 [N, 2]. */
export function scaling(factor: number): Uint8Array {
  return model(
    graph(
      7,
      node("Mul", ["x", "factor"], ["y"]),
      tensor(5, "factor", "float32", [1], new Float32Array([factor])),
      value(11, "x", "float32", ["N", 2]),
      value(12, "y", "float32", ["N", 2]),
    ),
  );
}

/** Loops as often as the input says: without end, for a person who waits. */
export function looping(): Uint8Array {
  const body = graph(
    6,
    node("Add", ["v", "one"], ["w"]),
    node("Identity", ["on"], ["still"]),
    value(11, "i", "int64", []),
    value(11, "on", "bool", []),
    value(11, "v", "float32", [1]),
    value(12, "still", "bool", []),
    value(12, "w", "float32", [1]),
  );
  return model(
    graph(
      7,
      node("Loop", ["times", "go", "start"], ["y"], attribute("body", 5, body)),
      tensor(5, "go", "bool", [], new Uint8Array([1])),
      tensor(5, "start", "float32", [1], new Float32Array([0])),
      tensor(5, "one", "float32", [1], new Float32Array([1])),
      value(11, "times", "int64", []),
      value(12, "y", "float32", [1]),
    ),
  );
}

export function served(model: Uint8Array, change: Partial<ServedModel> = {}): ServedModel {
  const file = () => Promise.resolve({ path: "model.onnx", bytes: model });
  return { name: "churn", version: "v1.0.0", sha256: digest(model), file, ...change };
}
