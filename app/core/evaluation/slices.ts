export type Slice = { name: string; members: Uint32Array };

/** Values shown of one column: the most frequent ones; a column of ids would make a slice of every row. */
const valuesPerColumn = 50;
const slicesInAll = 500;

/** `country=BR` and the rows in it, columns in order, values by falling frequency, then by text. */
export function findSlices(columns: ReadonlyMap<string, readonly string[]>): Slice[] {
  const slices = [...columns].flatMap(([column, values]) => {
    const rows = new Map<string, number[]>();
    values.forEach((value, row) => {
      const members = rows.get(value);
      if (members === undefined) rows.set(value, [row]);
      else members.push(row);
    });
    return [...rows]
      .sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
      .slice(0, valuesPerColumn)
      .map(([value, members]) => ({ name: `${column}=${value}`.slice(0, 1_000), members: Uint32Array.from(members) }));
  });
  return slices.slice(0, slicesInAll);
}
