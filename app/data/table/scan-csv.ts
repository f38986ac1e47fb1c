import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { DataError } from "#data/data-error.ts";
import type { DataFile } from "#data/data-file.ts";
import { createUtf8Check } from "./check-utf8.ts";

/** What a CSV file is, decided by reading all of it: no sniffing of a sample, no guess about the header. */
export type CsvShape = {
  delimiter: string;
  columns: readonly string[];
  /** records below the header, counted independently of the reader */
  records: number;
  /** some lines end in CR LF and some in LF */
  mixedLineEnds: boolean;
};

const largestBytes = 8 * 1024 ** 3;
const largestHeader = 1024 * 1024;
const mostColumns = 5_000;
const [quote, newline, carriage] = [0x22, 0x0a, 0x0d];
const delimiters = [",", ";", "\t", "|"];

/** Reads a CSV file once, byte by byte (RFC 4180 quoting). Throws a DataError on what cannot be a table. */
export async function scanCsv(file: DataFile, gzip: boolean): Promise<CsvShape> {
  const scanner = new CsvScanner(file.shown);
  await eachChunk(file, gzip, (chunk) => scanner.take(chunk));
  return scanner.finish();
}

/** Lines of a text file that hold anything, counted. */
export async function countLines(file: DataFile, gzip: boolean): Promise<number> {
  let lines = 0;
  let blank = true;
  await eachChunk(file, gzip, (chunk) => {
    for (const byte of chunk) {
      if (byte === newline) {
        if (!blank) lines++;
        blank = true;
      } else if (byte !== carriage && byte !== 0x20 && byte !== 0x09) blank = false;
    }
  });
  return blank ? lines : lines + 1;
}

async function eachChunk(file: DataFile, gzip: boolean, take: (chunk: Buffer) => void): Promise<void> {
  let bytes = 0;
  const checkUtf8 = createUtf8Check(file.shown);
  const sink = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) {
      bytes += chunk.length;
      // attacker-controlled: a small gzip file may unfold without end
      if (bytes > largestBytes)
        throw new DataError("too-large", `Cannot read "${file.shown}": it holds more than 8 GB`);
      checkUtf8(chunk);
      take(chunk);
    }
  };
  try {
    const source = createReadStream(file.path, { highWaterMark: 1 << 18 });
    await (gzip ? pipeline(source, createGunzip(), sink) : pipeline(source, sink));
  } catch (error) {
    if (error instanceof DataError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError("unreadable", `Cannot read "${file.shown}": ${reason}`, { cause: error });
  }
}

class CsvScanner {
  readonly #shown: string;
  readonly #header: number[] = [];
  #shape: { delimiter: string; columns: readonly string[] } | undefined;
  #delimiter = -1;
  #records = 0;
  #inQuotes = false;
  #fieldStart = true;
  #bytesInLine = 0;
  #last = newline;
  #ends = { lf: 0, crlf: 0 };

  constructor(shown: string) {
    this.#shown = shown;
  }

  take(chunk: Buffer): void {
    if (this.#isPlain(chunk)) {
      this.#takePlain(chunk);
      return;
    }
    for (const byte of chunk) {
      if (this.#shape === undefined) this.#takeHeader(byte);
      else this.#takeRecord(byte);
      this.#last = byte;
    }
  }

  finish(): CsvShape {
    if (this.#shape === undefined) this.#endHeader();
    else if (this.#bytesInLine > 0) this.#records++;
    if (this.#shape === undefined)
      throw new DataError("unreadable", `Cannot read "${this.#shown}": it has no header line`);
    if (this.#inQuotes)
      throw new DataError("unreadable", `Cannot read "${this.#shown}": a quote opens in it that nothing closes`);
    return { ...this.#shape, records: this.#records, mixedLineEnds: this.#ends.lf > 0 && this.#ends.crlf > 0 };
  }

  #takeHeader(byte: number): void {
    if (byte === quote) this.#inQuotes = !this.#inQuotes;
    if (byte === newline && !this.#inQuotes) {
      this.#countEnd();
      this.#endHeader();
      return;
    }
    this.#header.push(byte);
    if (this.#header.length > largestHeader) {
      throw new DataError("unreadable", `Cannot read "${this.#shown}": its header line is longer than 1 MB`);
    }
  }

  #endHeader(): void {
    const text = new TextDecoder()
      .decode(Uint8Array.from(this.#header))
      .replace(/^\uFEFF/, "")
      .replace(/\r$/, "");
    this.#shape = readHeader(text, this.#shown);
    this.#delimiter = this.#shape.delimiter.charCodeAt(0);
  }

  #takeRecord(byte: number): void {
    if (this.#inQuotes) {
      // a doubled quote closes and opens again, which counts the same
      if (byte === quote) this.#inQuotes = false;
    } else if (byte === newline) {
      this.#countEnd();
      // the reader skips a blank line, but for a single column it is a record with nothing in it
      if (this.#bytesInLine > 0 || this.#shape?.columns.length === 1) this.#records++;
      this.#bytesInLine = 0;
      this.#fieldStart = true;
      return;
    } else if (byte === quote && (this.#fieldStart || this.#last === quote)) this.#inQuotes = true;
    if (byte !== carriage || this.#inQuotes) this.#bytesInLine++;
    this.#fieldStart = !this.#inQuotes && byte === this.#delimiter;
  }

  #isPlain(chunk: Buffer): boolean {
    if (this.#shape === undefined || this.#inQuotes || this.#last === carriage) return false;
    if (this.#bytesInLine === 0 && chunk[0] === newline) return false;
    return !chunk.includes(quote) && !chunk.includes(carriage) && !chunk.includes("\n\n");
  }

  /** Lines without quotes, blank ones or carriage returns: only their ends need to be found. */
  #takePlain(chunk: Buffer): void {
    let lines = 0;
    let end = -1;
    for (let next = chunk.indexOf(newline); next !== -1; next = chunk.indexOf(newline, end + 1)) {
      lines++;
      end = next;
    }
    this.#records += lines;
    this.#ends.lf += lines;
    if (lines > 0) {
      this.#bytesInLine = 0;
      this.#fieldStart = true;
      this.#last = newline;
    }
    for (const byte of chunk.subarray(end + 1)) {
      this.#takeRecord(byte);
      this.#last = byte;
    }
  }

  #countEnd(): void {
    if (this.#last === carriage) this.#ends.crlf++;
    else this.#ends.lf++;
  }
}

/** The delimiter that stands most often outside quotes in the header, and the names between. */
function readHeader(text: string, shown: string): { delimiter: string; columns: readonly string[] } {
  const outside = text.replace(/"(?:[^"]|"")*"/g, "");
  const count = (delimiter: string): number => outside.split(delimiter).length - 1;
  const delimiter = delimiters.reduce((best, next) => (count(next) > count(best) ? next : best));
  const columns = splitRecord(text, delimiter);
  if (columns.length > mostColumns) {
    throw new DataError(
      "too-large",
      `Cannot read "${shown}": its header line names ${columns.length} columns, at most ${mostColumns} are read`,
    );
  }
  if (text.trim() === "")
    throw new DataError(
      "unreadable",
      `Cannot read "${shown}": its first line is empty, where the names of the columns belong`,
    );
  const empty = columns.findIndex((name) => name.trim() === "");
  if (empty !== -1) {
    throw new DataError("unreadable", `Cannot read "${shown}": column ${empty + 1} of its header line has no name`);
  }
  if (text.replaceAll(/"(?:[^"]|"")*"/g, "").includes("\r"))
    throw new DataError(
      "unreadable",
      `Cannot read "${shown}": its lines end in CR alone, as on old Macs; write them anew with LF: tr '\\r' '\\n'`,
    );
  const lower = columns.map((name) => name.toLowerCase());
  const second = columns.findIndex((_, index) => lower.indexOf(lower[index] ?? "") !== index);
  const [twice, first] = [columns[second], columns[lower.indexOf(lower[second] ?? "")]];
  if (twice !== undefined)
    throw new DataError(
      "unreadable",
      twice === first
        ? `Cannot read "${shown}": its header line names the column "${twice}" twice`
        : `Cannot read "${shown}": its header line names the columns "${first}" and "${twice}", which differ by capitals only`,
    );
  return { delimiter, columns };
}

function splitRecord(text: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = "";
  let inQuotes = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === '"' && inQuotes && text[at + 1] === '"') {
      field += '"';
      at++;
    } else if (char === '"') inQuotes = !inQuotes;
    else if (char === delimiter && !inQuotes) {
      fields.push(field);
      field = "";
    } else field += char;
  }
  return [...fields, field];
}
