import { deflateSync, Inflate } from "fflate";

/** Text that does not hold what it should. */
export class Unpackable extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Unpackable";
  }
}

/** Whole numbers from 0 to 2^53 - 1, few bytes for small ones, and after them `rest`; deflated, as Base64. */
export function pack(numbers: readonly number[], rest: Uint8Array = new Uint8Array(0)): string {
  const bytes: number[] = [];
  for (const number of [numbers.length, ...numbers]) {
    let left = number;
    for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
    bytes.push(left);
  }
  return Buffer.from(deflateSync(Buffer.concat([Uint8Array.from(bytes), rest]), { level: 6 })).toString("base64");
}

/** What `pack` packed, from anyone: inflated to `mostBytes` at the most. Throws an Unpackable. */
export function unpack(text: string, mostBytes: number): { numbers: number[]; rest: Uint8Array } {
  const bytes = inflate(Buffer.from(text, "base64"), mostBytes);
  let at = 0;
  const next = (): number => {
    let [number, weight] = [0, 1];
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Unpackable("it ends too early");
      number += (byte % 128) * weight;
      if (!Number.isSafeInteger(number)) throw new Unpackable("it holds a number that is too large");
      if (byte < 128) return number;
      weight *= 128;
    }
  };
  const length = next();
  // each takes a byte at least
  if (length > bytes.length) throw new Unpackable("it ends too early");
  const numbers = Array.from({ length }, next);
  return { numbers, rest: bytes.subarray(at) };
}

function inflate(packed: Uint8Array, mostBytes: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  let [size, ended] = [0, false];
  const stream = new Inflate((piece, last) => {
    size += piece.length;
    pieces.push(piece);
    ended ||= last;
  });
  try {
    // a piece of 1 KB unfolds to 1 MB at the most before someone looks
    for (let at = 0; at < packed.length && size <= mostBytes; at += 1_024)
      stream.push(packed.subarray(at, at + 1_024), at + 1_024 >= packed.length);
  } catch (error) {
    throw new Unpackable(`it is not deflated Base64 (${error instanceof Error ? error.message : String(error)})`);
  }
  if (size > mostBytes) throw new Unpackable(`it unfolds to more than ${mostBytes} bytes`);
  if (!ended) throw new Unpackable("it ends too early");
  return Buffer.concat(pieces);
}
