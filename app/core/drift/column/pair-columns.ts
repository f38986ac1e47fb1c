import type { ColumnSummary, TableProfile } from "#core/profile/table-profile.ts";

/** A column that both tables have. */
export type ColumnPair = {
  name: string;
  rows: readonly [number, number];
  sides: readonly [ColumnSummary, ColumnSummary];
};

export type PairedColumns = {
  pairs: readonly ColumnPair[];
  /** of the reference, not in the current data */
  gone: readonly ColumnSummary[];
  /** of the current data, not in the reference */
  come: readonly ColumnSummary[];
};

/** Columns by name, in the reference's order. */
export function pairColumns(reference: TableProfile, current: TableProfile): PairedColumns {
  const others = new Map(current.columns.map((column) => [column.name, column]));
  const pairs: ColumnPair[] = [];
  const gone: ColumnSummary[] = [];
  for (const column of reference.columns) {
    const other = others.get(column.name);
    others.delete(column.name);
    if (other === undefined) gone.push(column);
    else pairs.push({ name: column.name, rows: [reference.rows, current.rows], sides: [column, other] });
  }
  return { pairs, gone, come: [...others.values()] };
}
