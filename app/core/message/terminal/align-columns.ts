/** Rows of plain text in columns two spaces apart; `right` names the columns that end flush. "" for no rows. */
export function alignColumns(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, index) => Math.max(...rows.map((row) => widthOf(row[index] ?? ""))));
  return rows
    .map((row) =>
      widths
        .map((width, index) => pad(row[index] ?? "", width, right.includes(index)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function pad(text: string, width: number, right: boolean): string {
  const space = " ".repeat(Math.max(0, width - widthOf(text)));
  return right ? `${space}${text}` : `${text}${space}`;
}

/** Emoji take two columns. */
const widthOf = (text: string): number =>
  Array.from(text).reduce((sum, point) => sum + (/\p{Emoji_Presentation}/u.test(point) ? 2 : 1), 0);
