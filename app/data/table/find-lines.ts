import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { requireFormat, type DataFile } from "#data/data-file.ts";

const [quote, newline, carriage, space, tab] = [0x22, 0x0a, 0x0d, 0x20, 0x09];

/**
 * The physical line, from 1, on which each of these records (from 1) of a text file begins: a line end inside quotes
 * begins a line and no record. Reads no further than the last of them; none for a file that is not text.
 */
export async function findLines(
  file: DataFile,
  rows: readonly number[],
  delimiter = ",",
): Promise<ReadonlyMap<number, number>> {
  const found = new Map<number, number>();
  const { kind, gzip } = requireFormat(file.shown);
  const wanted = new Set(rows);
  if (kind === "parquet" || wanted.size === 0) return found;
  const counter = kind === "csv" ? new RecordCounter(delimiter.charCodeAt(0)) : new LineCounter();
  const last = Math.max(...wanted);
  const source = createReadStream(file.path, { highWaterMark: 1 << 18 });
  for await (const chunk of gzip ? source.pipe(createGunzip()) : source) {
    if (!Buffer.isBuffer(chunk)) continue;
    for (const byte of chunk) {
      const begun = counter.take(byte);
      if (begun === undefined) continue;
      if (wanted.has(begun.record)) found.set(begun.record, begun.line);
      if (begun.record >= last) return found;
    }
  }
  return found;
}

type Begun = { record: number; line: number };

/** Records of a CSV file as `scanCsv` counts them; the header is record 0. */
class RecordCounter {
  readonly #delimiter: number;
  #line = 1;
  #record = -1;
  #columns = 1;
  #inQuotes = false;
  #fieldStart = true;
  #empty = true;
  #last = newline;

  constructor(delimiter: number) {
    this.#delimiter = delimiter;
  }

  /** The record that this byte begins. */
  take(byte: number): Begun | undefined {
    const line = this.#line;
    if (byte === newline) this.#line++;
    let begins = false;
    if (this.#inQuotes) {
      if (byte === quote) this.#inQuotes = false;
    } else if (byte === newline) {
      // a blank line is a record only where a record is one cell
      begins = this.#empty && this.#record >= 0 && this.#columns === 1;
      this.#empty = true;
      this.#fieldStart = true;
      this.#last = byte;
      return begins ? { record: ++this.#record, line } : undefined;
    } else if (byte === quote && (this.#fieldStart || this.#last === quote)) this.#inQuotes = true;
    if (byte !== carriage || this.#inQuotes) {
      begins = this.#empty;
      this.#empty = false;
    }
    this.#fieldStart = !this.#inQuotes && byte === this.#delimiter;
    if (this.#fieldStart && this.#record <= 0) this.#columns++;
    this.#last = byte;
    return begins ? { record: ++this.#record, line } : undefined;
  }
}

/** Lines that hold anything. */
class LineCounter {
  #line = 1;
  #record = 0;
  #blank = true;

  take(byte: number): Begun | undefined {
    const line = this.#line;
    if (byte === newline) {
      this.#line++;
      this.#blank = true;
      return undefined;
    }
    if (!this.#blank || byte === carriage || byte === space || byte === tab) return undefined;
    this.#blank = false;
    return { record: ++this.#record, line };
  }
}
