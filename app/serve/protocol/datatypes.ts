import type { TensorType } from "#serve/onnx/tensors.ts";

type Kind = {
  /** the protocol's name */
  datatype: string;
  /** the element of a JSON value; a string says what is wrong with it */
  read(value: unknown): number | bigint | boolean | { text: string } | string;
};

const whole =
  (low: number, high: number) =>
  (value: unknown): number | string =>
    typeof value === "number" && Number.isInteger(value) && value >= low && value <= high
      ? value
      : `a whole number from ${low} to ${high}`;

/** JSON's numbers are doubles: a whole number beyond 2^53 was rounded before we saw it. */
const wholeBig =
  (low: number) =>
  (value: unknown): bigint | string =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= low
      ? BigInt(value)
      : `a whole number from ${low === 0 ? "0" : "−2^53 + 1"} to 2^53 − 1 (larger ones JSON rounds)`;

const real =
  (round: (value: number) => number, name: string) =>
  (value: unknown): number | string =>
    typeof value === "number" && Number.isFinite(round(value)) ? value : `a finite number that fits ${name}`;

/** ONNX Runtime's types in the words of the Open Inference Protocol. FP16 has no agreed form in JSON. */
export const kinds: Record<TensorType, Kind> = {
  float32: { datatype: "FP32", read: real(Math.fround, "FP32") },
  float64: { datatype: "FP64", read: real((value) => value, "FP64") },
  int8: { datatype: "INT8", read: whole(-128, 127) },
  uint8: { datatype: "UINT8", read: whole(0, 255) },
  int16: { datatype: "INT16", read: whole(-32_768, 32_767) },
  uint16: { datatype: "UINT16", read: whole(0, 65_535) },
  int32: { datatype: "INT32", read: whole(-2_147_483_648, 2_147_483_647) },
  uint32: { datatype: "UINT32", read: whole(0, 4_294_967_295) },
  int64: { datatype: "INT64", read: wholeBig(Number.MIN_SAFE_INTEGER) },
  uint64: { datatype: "UINT64", read: wholeBig(0) },
  bool: { datatype: "BOOL", read: (value) => (typeof value === "boolean" ? value : "true or false") },
  string: { datatype: "BYTES", read: (value) => (typeof value === "string" ? { text: value } : "a text") },
};
