import type { Rows } from "#core/drift/rows/bin-rows.ts";
import type { DataFile } from "./data-file.ts";
import { formatOf } from "./data-file.ts";
import { openDuckDb, type Database } from "./open-duckdb.ts";
import { columnKind } from "./profile/column-kind.ts";
import { findParquetTables } from "./profile/find-parquet-tables.ts";
import { quoteName } from "./sql-text.ts";
import { readTable, type ColumnType } from "./table/read-table.ts";

/** Rows that a classifier learns from, a side. */
const mostRows = 5_000;

/** Every so many-th row of these columns, at most 5,000: the same for the same files. Throws a DataError. */
export async function sampleRows(files: readonly DataFile[], columns: readonly string[]): Promise<Rows> {
  const db = await openDuckDb({ reads: [...new Set(files.map(({ path }) => path))], timeoutMs: 3_600_000 });
  try {
    const parquet = files.filter(({ shown }) => formatOf(shown)?.kind === "parquet");
    const texts = files.filter((file) => !parquet.includes(file));
    const sources: { from: string; columns: readonly ColumnType[] }[] = await findParquetTables(db, parquet);
    if (texts.length > 0) {
      const table = await readTable(db, texts, "sampled", { typed: "all" });
      sources.push({ from: quoteName(table.name), columns: table.columns });
    }
    const counts: number[] = [];
    // oxlint-disable-next-line no-await-in-loop -- one connection
    for (const { from } of sources) counts.push(await countRows(db, from));
    const step = Math.max(1, Math.ceil(counts.reduce((sum, count) => sum + count, 0) / mostRows));
    const rows: Rows = new Map(columns.map((name) => [name, []]));
    for (const source of sources) {
      const kinds = columns.map((name) => columnKind(name, typeOf(source.columns, name), false));
      const chosen = kinds.map(({ kind, sql }, at) =>
        typeOf(source.columns, columns[at] ?? "") === ""
          ? `NULL AS c${at}`
          : `${kind === "numbers" ? `(${sql})::DOUBLE` : `(${sql})::VARCHAR`} AS c${at}`,
      );
      // oxlint-disable-next-line no-await-in-loop -- one connection
      const found = await db.query(
        `SELECT ${chosen.map((_, at) => `c${at}`).join(", ")} FROM (SELECT ${chosen.join(", ")}, row_number() OVER () AS place FROM ${source.from}) WHERE place % ${step} = ${step === 1 ? 0 : 1}`,
      );
      for (const [at, name] of columns.entries()) rows.get(name)?.push(...(found.get(`c${at}`) ?? []).map(readCell));
    }
    return rows;
  } finally {
    await db.close();
  }
}

async function countRows(db: Database, from: string): Promise<number> {
  return Number((await db.query(`SELECT count(*)::DOUBLE AS n FROM ${from}`)).get("n")?.[0]);
}

const typeOf = (columns: readonly ColumnType[], name: string): string =>
  columns.find((column) => column.name === name)?.type ?? "";

const readCell = (cell: unknown): number | string | null =>
  typeof cell === "number" || typeof cell === "string" ? cell : null;
