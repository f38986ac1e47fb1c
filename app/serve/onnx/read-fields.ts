/** One field of a protocol buffer message: its number, and its bytes or its number. */
export type Field = { number: number; value: Uint8Array | bigint };

const mostFields = 5_000_000;

/**
 * The fields of a message, in order. Bytes are untrusted: a length that runs over the end, a group or an unknown wire type
 * throws a RangeError, so whatever cannot be walked to its last byte is not believed.
 */
export function* readFields(message: Uint8Array): Generator<Field> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at];
      if (byte === undefined) throw new RangeError("a number runs over the end");
      at += 1;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new RangeError("a number has more than 10 bytes");
  };
  for (let count = 0; at < message.length; count++) {
    if (count > mostFields) throw new RangeError("there are too many fields");
    const key = varint();
    const number = Number(key >> 3n);
    const wireType = Number(key & 7n);
    if (wireType === 0) {
      yield { number, value: varint() };
    } else if (wireType === 2) {
      const length = varint();
      if (length > BigInt(message.length - at)) throw new RangeError("a field runs over the end");
      yield { number, value: message.subarray(at, at + Number(length)) };
      at += Number(length);
    } else if (wireType === 1 || wireType === 5) {
      const size = wireType === 1 ? 8 : 4;
      if (at + size > message.length) throw new RangeError("a field runs over the end");
      yield { number, value: wireType === 1 ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true)) };
      at += size;
    } else {
      throw new RangeError(`wire type ${wireType} is not used by ONNX`);
    }
  }
}
