import { makeData } from "#serve/onnx/make-data.ts";
import type { Tensor, TensorData, TensorSpec } from "#serve/onnx/tensors.ts";
import { kinds } from "./datatypes.ts";
import { HttpError } from "./http-error.ts";

/** Reads one tensor of a request, `data` flat in row-major order or nested as its shape says. Throws an `HttpError` 400. */
export function readTensor(spec: TensorSpec, shape: readonly number[], data: unknown): Tensor {
  const kind = kinds[spec.type];
  checkShape(spec, shape);
  if (!Array.isArray(data)) throw new HttpError(400, `The data of the input "${spec.name}" must be an array`);
  const items: readonly unknown[] = data;
  const count = shape.reduce((product, size) => product * size, 1);
  const flat = items.some((item) => Array.isArray(item)) ? flatten(spec.name, items, shape) : items;
  if (flat.length !== count) {
    throw new HttpError(
      400,
      `The data of the input "${spec.name}" has ${flat.length} elements, its shape [${shape.join(", ")}] holds ${count}`,
    );
  }
  const values = makeData(spec.type, count);
  for (const [index, item] of flat.entries()) {
    const value = kind.read(item);
    if (typeof value === "string")
      throw new HttpError(400, `Element ${index} of the input "${spec.name}" is ${show(item)}: it must be ${value}`);
    put(values, index, value);
  }
  return { name: spec.name, type: spec.type, shape, data: values };
}

function checkShape(spec: TensorSpec, shape: readonly number[]): void {
  const fits =
    shape.length === spec.shape.length && spec.shape.every((size, index) => size === -1 || size === shape[index]);
  if (!fits) {
    throw new HttpError(
      400,
      `The input "${spec.name}" has the shape [${shape.join(", ")}], the model takes [${spec.shape.join(", ")}]${spec.shape.includes(-1) ? " (−1: any)" : ""}`,
    );
  }
}

function flatten(name: string, items: readonly unknown[], shape: readonly number[]): readonly unknown[] {
  const [size, ...inner] = shape;
  if (items.length !== size) {
    throw new HttpError(
      400,
      `The nested data of the input "${name}" does not have its shape: an array of ${items.length} stands where the shape says ${size ?? "a single value"}`,
    );
  }
  if (inner.length === 0) return items;
  return items.flatMap((item) => {
    if (!Array.isArray(item))
      throw new HttpError(
        400,
        `The nested data of the input "${name}" does not have its shape: ${show(item)} stands where an array of ${inner[0]} should`,
      );
    return flatten(name, item, inner);
  });
}

function put(values: TensorData, index: number, value: number | bigint | boolean | { text: string }): void {
  if (Array.isArray(values)) values[index] = typeof value === "object" ? value.text : "";
  else if (values instanceof BigInt64Array || values instanceof BigUint64Array)
    values[index] = typeof value === "bigint" ? value : 0n;
  else values[index] = Number(value);
}

/** The values of a tensor as JSON can say them, flat. Throws an `HttpError` 500 where it cannot. */
export function writeTensor(tensor: Tensor): readonly (number | string | boolean)[] {
  const { data, type, name } = tensor;
  if (Array.isArray(data)) return data;
  const numbers = Array.from<number | bigint, number>(data, Number);
  if (type === "bool") return numbers.map((value) => value !== 0);
  const wrong = numbers.findIndex((value) => !Number.isFinite(value));
  if (wrong !== -1)
    throw new HttpError(500, `Element ${wrong} of the output "${name}" is ${numbers[wrong]}, which JSON cannot say`);
  if (type !== "int64" && type !== "uint64") return numbers;
  const rounded = numbers.findIndex((value) => !Number.isSafeInteger(value));
  if (rounded !== -1)
    throw new HttpError(500, `Element ${rounded} of the output "${name}" is beyond 2^53, which JSON rounds`);
  return numbers;
}

function show(value: unknown): string {
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
