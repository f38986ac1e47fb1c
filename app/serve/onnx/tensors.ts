/** A tensor as it travels between threads: ONNX Runtime's own type names and arrays. */
export type Tensor = { name: string; type: TensorType; shape: readonly number[]; data: TensorData };

export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | string[];

export const tensorTypes = [
  "float32",
  "float64",
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
  "bool",
  "string",
] as const;
export type TensorType = (typeof tensorTypes)[number];

/** What a model takes or gives: −1 stands for a dimension that may be any. */
export type TensorSpec = { name: string; type: TensorType; shape: readonly number[] };

/** What the worker is asked to do, one thing at a time. */
export type WorkerRequest =
  | { kind: "load"; bytes: Uint8Array }
  | { kind: "run"; inputs: readonly Tensor[]; outputs: readonly string[] };

export type WorkerAnswer =
  | { kind: "loaded"; inputs: readonly TensorSpec[]; outputs: readonly TensorSpec[] }
  | { kind: "ran"; outputs: readonly Tensor[] }
  /** `fatal`: the runtime itself is broken and must be started again */
  | { kind: "failed"; message: string; fatal: boolean };
