/** What the engine says of broken files, and the same for the person who has the file. The first that fits counts. */
const explanations: readonly (readonly [said: RegExp, explain: (...parts: string[]) => string])[] = [
  [
    /CSV Error on Line: (\d+);.*Expected Number of Columns: (\d+) Found: (\d+)/s,
    (line, columns, found) =>
      `line ${line} has ${found} ${found === "1" ? "cell" : "cells"}, and the header line names ${columns} columns; check the delimiter and the quotes there`,
  ],
  [/CSV Error on Line: (\d+)/, (line) => `line ${line} cannot be read; check the quotes there`],
  [
    /No magic bytes|too small to be a Parquet/,
    () => "it is no Parquet file, or its end is missing; fetch it or write it anew",
  ],
  [
    /^Out of Memory Error/,
    () =>
      "it takes more memory than may be used; write it as Parquet, which is read in pieces, or choose fewer columns",
  ],
  [
    /Using file_row_number option on file with column named/,
    () => 'its column "file_row_number" is called as the rows are when they are numbered; rename it',
  ],
  [/Malformed JSON/, () => "a line of it is no JSON; write one object a line"],
  [/in line (\d+): Expected OBJECT\b/, (line) => `line ${line} is no object with keys; write one object a line`],
  [
    /in line (\d+): .* has duplicate key "([^"]{0,200})"/s,
    (line, key) => `line ${line} has the key "${key}" twice; give each a name of its own`,
  ],
  [
    /Duplicate struct entry name "([^"]{0,200})"/,
    (key) => `keys of it differ from "${key}" by capitals only; give each a name of its own`,
  ],
  [
    /((?:Snappy|ZSTD|GZip|LZ4|Brotli)\b.*fail\w*|decompression failure|TProtocolException[^;]*|Corrupt[^;]*)/i,
    (what) => `its content is broken (${what.slice(0, 100)}); fetch it or write it anew`,
  ],
];

/** Why a file cannot be read, in words of ours where the engine's are known; bounded, with its own words otherwise. */
export function explainEngine(message: string): string {
  for (const [said, explain] of explanations) {
    const found = said.exec(message);
    if (found !== null) return explain(...found.slice(1));
  }
  return message.split("\n").slice(0, 3).join("; ").slice(0, 500);
}
