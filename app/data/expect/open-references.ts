import { namePointers } from "#core/pointer/name-pointers.ts";
import { DataError } from "#data/data-error.ts";
import { noDataMend, type DataFile } from "#data/data-file.ts";
import type { Database } from "#data/open-duckdb.ts";
import { readTable, sayColumns, type ColumnType } from "#data/table/read-table.ts";

/** A column of another file, as a table in the database. */
export type Reference = { table: string; column: ColumnType };

/** Answers the columns of other files that expectations refer to, each read once. Throws a DataError. */
export function openReferences(
  db: Database,
  files: ReadonlyMap<string, DataFile>,
): (file: string, column: string) => Promise<Reference> {
  const known = new Map<string, Reference>();
  return async (shown, column) => {
    const at = JSON.stringify([shown, column]);
    const found = known.get(at) ?? (await read(db, files, shown, column, `reference ${known.size}`));
    known.set(at, found);
    return found;
  };
}

async function read(
  db: Database,
  files: ReadonlyMap<string, DataFile>,
  shown: string,
  column: string,
  name: string,
): Promise<Reference> {
  const file = files.get(shown);
  const pointerOnly = namePointers(shown)
    .filter((pointer) => files.has(pointer))
    .map((pointer) => `its pointer "${pointer}" is here, and its data is not; ${noDataMend}`)[0];
  if (file === undefined)
    throw new DataError(
      "unreadable",
      `Cannot read "${shown}" of "references": ${pointerOnly ?? "there is no such file"}`,
    );
  const table = await readTable(db, [file], name, { typed: [column], inPlace: true });
  const found = table.columns.find((one) => one.name === column);
  if (found !== undefined) return { table: name, column: found };
  const names = table.columns.map((one) => one.name);
  throw new DataError(
    "missing-column",
    `Column "${column}" of "references" is not in "${shown}": ${sayColumns(column, names)}`,
  );
}
