import type { EvaluateConfig } from "#core/config/config.ts";
import { formatCount } from "#core/message/format.ts";
import { DataError } from "#data/data-error.ts";
import type { DataFile } from "#data/data-file.ts";
import type { Database } from "#data/open-duckdb.ts";
import { fileColumn, readTable, requireColumns, rowColumn, type Table } from "#data/table/read-table.ts";
import { quoteName } from "#data/sql-text.ts";

/** The column that `strip-label` adds where the config names no id: the row's number over all files, from 1. */
export const rowNumberColumn = "row";

/**
 * The holdout in the table `rows`: its own columns, and `trainyard id` (text), `trainyard label` (text), `trainyard at`
 * (the row's number over all files) and `trainyard counts` (its file was not dropped).
 */
export type Holdout = {
  table: Table;
  idColumn: string;
  sayId: (text: string) => string;
  sayItem: (text: string) => string;
};

/** Reads the holdout and checks that the columns the evaluation names are there. Throws a DataError. */
export async function readHoldout(
  db: Database,
  evaluate: EvaluateConfig,
  files: readonly DataFile[],
  dropped: ReadonlySet<string>,
): Promise<Holdout> {
  const table = await readTable(db, files, "holdout", { typed: typedColumns(evaluate) });
  requireColumns(table, [
    ["evaluate: label", evaluate.label],
    ["evaluate: id", evaluate.id],
    ...evaluate.slices.map((slice) => ["evaluate: slices", slice] as const),
  ]);
  const idType = table.columns.find(({ name }) => name === evaluate.id)?.type;
  const labelType = table.columns.find(({ name }) => name === evaluate.label)?.type;
  const [sayId, sayItem] = [writeAs(idType ?? "BIGINT"), writeAs(labelType ?? "VARCHAR")];
  const before = table.rowsOfFile.map((_, index) =>
    table.rowsOfFile.slice(0, index).reduce((sum, rows) => sum + rows, 0),
  );
  const at = `([${before.join(", ")}][${quoteName(fileColumn)} + 1] + ${quoteName(rowColumn)}::BIGINT)`;
  const id = evaluate.id === undefined ? `${at}::VARCHAR` : sayId(`${quoteName(evaluate.id)}::VARCHAR`);
  const kept = files.flatMap((file, index) => (dropped.has(file.shown) ? [] : [index]));
  const counts = kept.length === 0 ? "false" : `${quoteName(fileColumn)} IN (${kept.join(", ")})`;
  const label = `${quoteName(evaluate.label)}::VARCHAR`;
  await db.query(
    `CREATE TABLE rows AS SELECT *, ${id} AS "trainyard id", ${sayItem(label)} AS "trainyard label", ${at}::DOUBLE AS "trainyard at", ${counts} AS "trainyard counts" FROM holdout`,
  );
  const holdout = { table, idColumn: evaluate.id ?? rowNumberColumn, sayId, sayItem };
  await refuseEmpty(db, table, "trainyard id", holdout.idColumn);
  await refuseEmpty(db, table, "trainyard label", evaluate.label);
  return holdout;
}

/** The columns whose type matters: all of them where the team's own SQL may name any. */
function typedColumns({ id, label, metrics }: EvaluateConfig): "all" | string[] {
  if (metrics.some(({ definition }) => definition.kind === "mean" || definition.kind === "ratio")) return "all";
  return id === undefined ? [label] : [id, label];
}

async function refuseEmpty(db: Database, table: Table, column: string, shown: string): Promise<void> {
  const found = await db.query(
    `SELECT ${quoteName(fileColumn)}::DOUBLE AS file, ${quoteName(rowColumn)} AS row FROM rows WHERE ${quoteName(column)} IS NULL ORDER BY 1, 2`,
  );
  const rows = found.get("row") ?? [];
  if (rows.length === 0) return;
  const first = table.files[Number(found.get("file")?.[0])]?.shown ?? "";
  throw new DataError(
    "bad-value",
    `The holdout's column "${shown}" is empty in ${formatCount(rows.length)} rows, first in "${first}", row ${Number(rows[0])}`,
  );
}

/**
 * SQL that writes a text the way values of this type are written: "12.0" is the whole number 12, as many tools write
 * whole numbers that passed through a column with gaps. Text stays as it is.
 */
function writeAs(type: string): (text: string) => string {
  const trimmed = (text: string): string =>
    `CASE WHEN contains(${text}, '.') THEN regexp_replace(${text}, '^(-?[0-9]+)[.]0+$', '\\1') ELSE ${text} END`;
  if (/INT/.test(type)) return trimmed;
  if (/DOUBLE|FLOAT|DECIMAL/.test(type))
    return (text) => trimmed(`coalesce(try_cast(${text} AS DOUBLE)::VARCHAR, ${text})`);
  return (text) => text;
}
