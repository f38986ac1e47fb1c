/** The beginning of a CSV file: its header, and the rows that were whole in what was read. */
export type CsvHead = { header: readonly string[]; rows: readonly (readonly string[])[] };

const mostColumns = 2_000;
const mostRows = 5_000;

/**
 * Reads the beginning of a CSV file with commas and double quotes; undefined where it has no header of two columns or
 * more. The last row is left out, as it may have been cut.
 */
export function readCsvHead(text: string): CsvHead | undefined {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  while (at < text.length && rows.length <= mostRows) {
    const cell = readCell(text, at);
    if (row.length < mostColumns) row.push(cell.value);
    at = cell.end;
    if (text[at] === ",") at += 1;
    else if (at < text.length) {
      at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
      rows.push(row);
      row = [];
    }
  }
  const [header, ...rest] = rows;
  if (header === undefined || header.length < 2 || new Set(header).size !== header.length) return undefined;
  return { header, rows: rest.filter((cells) => cells.length === header.length) };
}

function readCell(text: string, start: number): { value: string; end: number } {
  if (text[start] !== '"') {
    const plain = /[^,\r\n]*/y;
    plain.lastIndex = start;
    const value = plain.exec(text)?.[0] ?? "";
    return { value, end: start + value.length };
  }
  let value = "";
  let at = start + 1;
  while (at < text.length) {
    const close = text.indexOf('"', at);
    if (close === -1) return { value: value + text.slice(at), end: text.length };
    value += text.slice(at, close);
    if (text[close + 1] !== '"') return { value, end: skipToEnd(text, close + 1) };
    value += '"';
    at = close + 2;
  }
  return { value, end: at };
}

/** What stands between a closing quote and the next comma or line is passed over. */
function skipToEnd(text: string, from: number): number {
  const rest = /[,\r\n]/g;
  rest.lastIndex = from;
  return rest.exec(text)?.index ?? text.length;
}
