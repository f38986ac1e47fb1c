import { DataError } from "#data/data-error.ts";
import { sayColumns, type ColumnType } from "#data/table/read-table.ts";
import { splitNames } from "#data/table/split-names.ts";

/** Names as they were written: an element may be several with commas between, where it is no column's own name. */
export type ColumnChoice = {
  /** the columns to profile; default: all. Those of one file or another must exist */
  columns?: readonly string[];
  /** columns that name things although they look like numbers */
  names?: readonly string[];
  /** columns to leave out */
  without?: readonly string[];
};

/** The same with each name by itself, as these columns tell. */
export function resolveChoice(
  { columns: wanted, without, names }: ColumnChoice,
  columns: readonly { name: string }[],
): ColumnChoice {
  const known = columns.map(({ name }) => name);
  return {
    ...(wanted === undefined ? {} : { columns: splitNames(wanted, known) }),
    ...(without === undefined ? {} : { without: splitNames(without, known) }),
    ...(names === undefined ? {} : { names: splitNames(names, known) }),
  };
}

export function chooseColumns(
  columns: readonly ColumnType[],
  { columns: wanted, without }: ColumnChoice,
): ColumnType[] {
  return columns.filter(
    ({ name }) => (wanted === undefined || wanted.includes(name)) && without?.includes(name) !== true,
  );
}

/** Throws a DataError for a wanted column that is not among these. `shown`: where it was looked for. */
export function requireEach(
  option: string,
  wanted: readonly string[] | undefined,
  without: readonly string[] | undefined,
  columns: readonly { name: string }[],
  shown: string | undefined,
): void {
  const names = columns.map(({ name }) => name);
  const missing = wanted?.find((name) => !names.includes(name) && without?.includes(name) !== true);
  if (missing === undefined) return;
  throw new DataError(
    "missing-column",
    `Column "${missing.slice(0, 60)}" of "${option}" is not in "${shown}": ${sayColumns(missing, names)}`,
  );
}
