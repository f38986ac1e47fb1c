import { DistinctSketch, keptHashes } from "./distinct-sketch.ts";
import { coarsestBits, finestBits } from "./double-bits.ts";
import { NumberBins, storedBins } from "./number-bins.ts";
import { pack, unpack, Unpackable } from "./packed.ts";

const mostBytes = 64 * 1024;

/** Bins that are not exact, as runs of neighbours: the distance to the first, how many, the count of each. */
export function packBins(bins: NumberBins): string {
  const numbers: number[] = [];
  let run: number[] = [];
  let end: number | undefined;
  const close = (): void => {
    if (run.length > 0) numbers.push(run.length, ...run);
    run = [];
  };
  for (const [bin, count] of bins.entries()) {
    if (bin !== end) {
      close();
      numbers.push(end === undefined ? zigzag(bin) : bin - end);
    }
    run.push(count);
    end = bin + 1;
  }
  close();
  return pack(numbers);
}

/** Throws an Unpackable. */
export function unpackBins(text: string, bits: number): NumberBins {
  const { numbers } = unpack(text, mostBytes);
  const bins = new NumberBins(storedBins);
  if (!(bits >= coarsestBits && bits <= finestBits)) throw new Unpackable(`it has ${bits} bits`);
  bins.coarsen(bits);
  let bin: number | undefined;
  for (let at = 0; at < numbers.length;) {
    const [distance = 0, length = 0] = [numbers[at], numbers[at + 1]];
    bin = bin === undefined ? unzigzag(distance) : bin + distance;
    at += 2;
    if (length === 0 || at + length > numbers.length) throw new Unpackable("a run of bins has no end");
    for (const count of numbers.slice(at, at + length)) {
      if (count === 0) throw new Unpackable("a bin is empty");
      if (Math.abs(bin) > 2 ** (11 + bits)) throw new Unpackable("a bin lies beyond all numbers");
      bins.addBin(bin++, bits, count);
    }
    at += length;
  }
  if (bins.bits !== bits || bins.size === 0) throw new Unpackable(`it must hold 1 to ${storedBins} bins`);
  return bins;
}

/** The depth, then the hashes in ascending order, each as the distance from the one before. */
export function packSketch(sketch: DistinctSketch): string {
  const hashes = [...sketch.hashes].sort((a, b) => a - b);
  return pack([sketch.depth, ...hashes.map((hash, index) => hash - (hashes[index - 1] ?? 0))]);
}

/** Throws an Unpackable. */
export function unpackSketch(text: string): DistinctSketch {
  const [depth = 0, ...distances] = unpack(text, mostBytes).numbers;
  if (depth > 32 || distances.length > keptHashes) throw new Unpackable(`it must hold 0 to ${keptHashes} hashes`);
  let last = 0;
  const hashes = distances.map((distance, index) => {
    if (distance === 0 && index > 0) throw new Unpackable("a hash comes twice");
    return (last += distance);
  });
  if (last >= 2 ** (32 - depth)) throw new Unpackable("a hash is too large");
  return DistinctSketch.restore(depth, hashes);
}

function zigzag(bin: number): number {
  return bin < 0 ? -2 * bin - 1 : 2 * bin;
}

function unzigzag(number: number): number {
  return number % 2 === 1 ? -(number + 1) / 2 : number / 2;
}
