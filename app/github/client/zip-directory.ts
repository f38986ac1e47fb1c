import type { FileHandle } from "node:fs/promises";
import { ServiceError } from "#core/ports.ts";

/** One file of a zip, as its central directory tells it. Everything in it is attacker-controlled. */
export type ZipEntry = {
  name: string;
  kind: "file" | "folder" | "link";
  method: number;
  crc: number;
  packedSize: number;
  size: number;
  offset: number;
};

const maxEntries = 100_000;
const maxDirectoryBytes = 64 * 1024 * 1024;

/**
 * Reads the central directory of a zip (APPNOTE 6.3.10, sections 4.3.12 to 4.3.16, zip64 included): the one list that
 * does not have to be guessed from the bytes of the files themselves.
 */
export async function readZipDirectory(file: FileHandle): Promise<readonly ZipEntry[]> {
  const { size } = await file.stat();
  const place = await findDirectory(file, size);
  if (place.size > maxDirectoryBytes || place.entries > maxEntries) throw broken("it lists too many files");
  if (place.offset + place.size > size) throw broken("its list of files is cut off");
  const bytes = await readAt(file, place.offset, place.size);
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < place.entries;) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) throw broken("its list of files is damaged");
    const next = at + 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    if (next > bytes.length) throw broken("its list of files is damaged");
    entries.push(readEntry(bytes, at));
    at = next;
  }
  return entries;
}

function readEntry(bytes: Buffer, at: number): ZipEntry {
  const nameEnd = at + 46 + bytes.readUInt16LE(at + 28);
  const name = decodeName(bytes.subarray(at + 46, nameEnd));
  if ((bytes.readUInt16LE(at + 8) & 1) !== 0) throw broken(`"${name}" is encrypted`);
  const extra = bytes.subarray(nameEnd, nameEnd + bytes.readUInt16LE(at + 30));
  const wide = wideNumbers(extra);
  const number = (offset: number): number => {
    const value = bytes.readUInt32LE(at + offset);
    return value === 0xffffffff ? (wide.shift() ?? value) : value;
  };
  // in the order in which zip64 lists those that did not fit
  const size = number(24);
  const packedSize = number(20);
  const offset = number(42);
  const unixMode = bytes.readUInt32LE(at + 38) >>> 16;
  const kind = (unixMode & 0xf000) === 0xa000 ? "link" : name.endsWith("/") ? "folder" : "file";
  return {
    name,
    kind,
    method: bytes.readUInt16LE(at + 10),
    crc: bytes.readUInt32LE(at + 16),
    packedSize,
    size,
    offset,
  };
}

function wideNumbers(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length;) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) {
      const numbers: number[] = [];
      for (let place = at + 4; place + 8 <= Math.min(at + 4 + length, extra.length); place += 8)
        numbers.push(Number(extra.readBigUInt64LE(place)));
      return numbers;
    }
    at += 4 + length;
  }
  return [];
}

async function findDirectory(
  file: FileHandle,
  size: number,
): Promise<{ entries: number; size: number; offset: number }> {
  const tailSize = Math.min(size, 65_557 + 20);
  const tail = await readAt(file, size - tailSize, tailSize);
  for (let at = tail.length - 22; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== 0x06054b50 || at + 22 + tail.readUInt16LE(at + 20) !== tail.length) continue;
    if (at >= 20 && tail.readUInt32LE(at - 20) === 0x07064b50)
      return readWideEnd(file, Number(tail.readBigUInt64LE(at - 12)), size);
    return {
      entries: tail.readUInt16LE(at + 10),
      size: tail.readUInt32LE(at + 12),
      offset: tail.readUInt32LE(at + 16),
    };
  }
  throw broken("it does not end as a zip does");
}

async function readWideEnd(
  file: FileHandle,
  at: number,
  size: number,
): Promise<{ entries: number; size: number; offset: number }> {
  if (at + 56 > size) throw broken("its end is damaged");
  const end = await readAt(file, at, 56);
  if (end.readUInt32LE(0) !== 0x06064b50) throw broken("its end is damaged");
  return {
    entries: Number(end.readBigUInt64LE(32)),
    size: Number(end.readBigUInt64LE(40)),
    offset: Number(end.readBigUInt64LE(48)),
  };
}

/** Exactly these bytes of a file. Throws where it ends before. */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw broken("it is cut off");
    done += bytesRead;
  }
  return bytes;
}

function decodeName(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw broken("the name of a file in it is not UTF-8");
  }
}

export function broken(because: string): ServiceError {
  return new ServiceError("broken", `Cannot read the archive: ${because}`);
}
