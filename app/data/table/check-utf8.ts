import { isUtf8 } from "node:buffer";
import { DataError } from "#data/data-error.ts";

/** Takes a text file's bytes in order and throws a DataError at the first that is not UTF-8: which, and what mends it. */
export function createUtf8Check(shown: string): (chunk: Buffer) => void {
  let before = 0;
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (before === 0) refuseUtf16(shown, bytes);
    const whole = bytes.length - unfinished(bytes);
    if (!isUtf8(bytes.subarray(0, whole))) {
      const at = findInvalid(bytes);
      const byte = `0x${(bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, "0")}`;
      throw new DataError(
        "unreadable",
        `Cannot read "${shown}": byte ${before + at + 1} is ${byte}, which is not UTF-8; if it is Latin-1 (Windows-1252), write it anew: iconv -f WINDOWS-1252 -t UTF-8`,
      );
    }
    before += whole;
    // a copy: the chunk's memory is used again
    rest = Buffer.from(bytes.subarray(whole));
  };
}

function refuseUtf16(shown: string, bytes: Buffer): void {
  const marked = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const zero = bytes.subarray(0, 64).indexOf(0);
  if (!marked && zero === -1) return;
  const why = marked ? "byte 1 begins a mark of UTF-16" : `byte ${zero + 1} is 0, as in UTF-16`;
  throw new DataError("unreadable", `Cannot read "${shown}": ${why}; write it anew as UTF-8: iconv -f UTF-16 -t UTF-8`);
}

/** How many bytes at the end begin a character that goes on in the next chunk. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return lengthOf(byte) > back ? back : 0;
  }
  return 0;
}

const lengthOf = (first: number): number => (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1);

/** Index of the first byte that begins no character. */
function findInvalid(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const length = lengthOf(bytes[at] ?? 0);
    if (!isUtf8(bytes.subarray(at, at + length))) return at;
    at += length;
  }
  return at;
}
