/**
 * An ONNX file is a protocol buffer: fields of (number, type), values as varints or as bytes with their length. These few
 * lines write and read a model with one node, scores = history · weights + bias.
 */
const varint = (value) => {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
};
const number = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);
const bytes = (field, ...parts) => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([varint(field * 8 + 2), varint(body.length), body]);
};
const float32 = 1;
const tensor = (name, shape, values) =>
  bytes(
    5,
    ...shape.map((size) => number(1, size)),
    number(2, float32),
    bytes(8, name),
    bytes(9, Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
  );
const rows = (field, name, columns) => {
  const shape = bytes(2, bytes(1, bytes(2, "N")), bytes(1, number(1, columns)));
  return bytes(field, bytes(1, name), bytes(2, bytes(1, number(1, float32), shape)));
};

/** The model as ONNX: input `history` [N, inputs], output `scores` [N, outputs]; weights are Float32Array, row by row. */
export function writeModel({ weights, bias }) {
  const outputs = bias.length;
  const inputs = weights.length / outputs;
  const node = bytes(
    1,
    bytes(1, "history"),
    bytes(1, "weights"),
    bytes(1, "bias"),
    bytes(2, "scores"),
    bytes(4, "Gemm"),
  );
  const tensors = [tensor("weights", [inputs, outputs], weights), tensor("bias", [outputs], bias)];
  const graph = bytes(
    7,
    node,
    bytes(2, "groceries"),
    ...tensors,
    rows(11, "history", inputs),
    rows(12, "scores", outputs),
  );
  return Buffer.concat([number(1, 8), bytes(2, "groceries"), graph, bytes(8, number(2, 13))]);
}

/** Reads weights and bias back from what `writeModel` wrote. */
export function readModel(file) {
  const graph = fieldsOf(file).find(([field]) => field === 7)[1];
  const tensors = fieldsOf(graph)
    .filter(([field]) => field === 5)
    .map(([, body]) => new Map(fieldsOf(body)));
  const values = (name) => {
    const raw = tensors.find((candidate) => candidate.get(8).toString() === name).get(9);
    // the file's bytes need not begin where 32-bit numbers may
    return new Float32Array(new Uint8Array(raw).buffer);
  };
  return { weights: values("weights"), bias: values("bias") };
}

function fieldsOf(body) {
  const fields = [];
  let at = 0;
  const next = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = body[at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < body.length) {
    const key = next();
    const value = next();
    if (key % 8 === 2) fields.push([Math.floor(key / 8), body.subarray(at, (at += value))]);
    else fields.push([Math.floor(key / 8), value]);
  }
  return fields;
}
