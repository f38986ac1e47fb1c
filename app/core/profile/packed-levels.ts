import { pack, unpack, Unpackable } from "./packed.ts";

/**
 * Levels in ascending order of their bytes, each by what it has in common with the one before: for every level the
 * bytes in common, the bytes that follow, the rows; then all that follows.
 */
export function packLevels(levels: ReadonlyMap<string, number>): string {
  const sorted = [...levels].map(([level, count]) => ({ bytes: Buffer.from(level), count }));
  sorted.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  const [common, lengths, counts, rest]: [number[], number[], number[], Uint8Array[]] = [[], [], [], []];
  let before = Buffer.alloc(0);
  for (const { bytes, count } of sorted) {
    let same = 0;
    while (same < before.length && before[same] === bytes[same]) same++;
    common.push(same);
    lengths.push(bytes.length - same);
    counts.push(count);
    rest.push(bytes.subarray(same));
    before = bytes;
  }
  return pack([...common, ...lengths, ...counts], Buffer.concat(rest));
}

/** `most` levels at the most, each of so many bytes. Throws an Unpackable. */
export function unpackLevels(text: string, most: number, mostBytes: number): ReadonlyMap<string, number> {
  const { numbers, rest } = unpack(text, most * (mostBytes + 16));
  const size = numbers.length / 3;
  if (!Number.isInteger(size) || size > most) throw new Unpackable(`it must hold 0 to ${most} levels`);
  const levels = new Map<string, number>();
  let before = Buffer.alloc(0);
  let at = 0;
  for (let index = 0; index < size; index++) {
    const [same = 0, length = 0, count = 0] = [numbers[index], numbers[size + index], numbers[2 * size + index]];
    if (same > before.length || at + length > rest.length || same + length > mostBytes)
      throw new Unpackable("a level is longer than it can be");
    if (count === 0) throw new Unpackable("a level has no rows");
    before = Buffer.concat([before.subarray(0, same), rest.subarray(at, at + length)]);
    at += length;
    levels.set(before.toString(), count);
  }
  if (levels.size !== size) throw new Unpackable("a level comes twice");
  return levels;
}
