import { isPointerPath } from "#core/pointer/pointer.ts";
import { DataError } from "./data-error.ts";

/** What to do where the files that stand for data are pointers. */
export const noDataMend = "name a store that is spoken here: data: { store: … } in .github/trainyard.yml";

/** A file on this machine (`path`, absolute) and the name people know it by (`shown`, the repository's path). */
export type DataFile = { path: string; shown: string };

export type DataFormat = { kind: "csv" | "ndjson" | "parquet"; gzip: boolean };

const endings: readonly { ending: RegExp; format: DataFormat }[] = [
  { ending: /\.csv$/i, format: { kind: "csv", gzip: false } },
  { ending: /\.csv\.gz$/i, format: { kind: "csv", gzip: true } },
  { ending: /\.(?:ndjson|jsonl)$/i, format: { kind: "ndjson", gzip: false } },
  { ending: /\.(?:ndjson|jsonl)\.gz$/i, format: { kind: "ndjson", gzip: true } },
  { ending: /\.(?:parquet|pq)$/i, format: { kind: "parquet", gzip: false } },
];

/** The format that a file's name promises, or undefined for a file that is no table. */
export function formatOf(name: string): DataFormat | undefined {
  return endings.find(({ ending }) => ending.test(name))?.format;
}

/** As `formatOf`, for a file that must be a table. */
export function requireFormat(shown: string): DataFormat {
  const format = formatOf(shown);
  if (format === undefined && isPointerPath(shown))
    throw new DataError(
      "unsupported",
      `Cannot read "${shown}" as a table: it is a pointer whose data is not here; ${noDataMend}`,
    );
  if (format === undefined) {
    throw new DataError(
      "unsupported",
      `Cannot read "${shown}" as a table: its name must end in .csv, .csv.gz, .ndjson, .jsonl or .parquet`,
    );
  }
  return format;
}
