import type { DriftChange } from "#core/drift/drift-record.ts";
import type { ColumnSummary } from "#core/profile/table-profile.ts";
import type { ColumnPair, PairedColumns } from "./column/pair-columns.ts";
import { sayAmount } from "./column/say-amount.ts";
import type { DriftSettings } from "./drift-settings.ts";

/**
 * Columns that only one side has, or that hold another kind of thing now. A label that has not come yet is no fault; a
 * feature that is gone is.
 */
export function findChanges(
  { gone, come }: Pick<PairedColumns, "gone" | "come">,
  retyped: readonly ColumnPair[],
  settings: DriftSettings,
): DriftChange[] {
  const left = [...come];
  const missing = gone.map((column): DriftChange => {
    const index = left.findIndex(
      (other) =>
        isSameName(column.name, other.name) || (gone.length === 1 && come.length === 1 && other.type === column.type),
    );
    const [now] = index === -1 ? [] : left.splice(index, 1);
    const isLabel = column.name === settings.target || column.name === settings.prediction;
    const level = isLabel ? "info" : "fail";
    if (now !== undefined)
      return {
        kind: "renamed",
        column: cut(column),
        now: cut(now),
        level,
        because: `"${short(column)}" is not in the current data; "${short(now)}" is new there and may be the same: name it as before`,
      };
    const because = isLabel
      ? `"${short(column)}" has not come yet: the current data has no such column`
      : `"${short(column)}" is gone: the reference has it, the current data does not`;
    return { kind: "gone", column: cut(column), level, because };
  });
  const added = left.map((column): DriftChange => ({
    kind: "come",
    column: cut(column),
    level: "info",
    because: `"${short(column)}" is new: the reference has no such column`,
  }));
  const other = retyped.map(({ name, sides: [before, now] }): DriftChange => ({
    kind: "retyped",
    column: name.slice(0, 1_000),
    level: "fail",
    because:
      `"${name.slice(0, 60)}" holds ${typeWords[now.type]} now and ${typeWords[before.type]} in the reference: the two cannot be compared${sayOdd(now.type === "text" ? now : before, [before, now])}`.slice(
        0,
        1_000,
      ),
  }));
  return [...missing, ...other, ...added].slice(0, 2_000);
}

/** Where a few cells make text of a column of numbers: which these are, the most frequent first. */
function sayOdd(text: ColumnSummary, sides: readonly ColumnSummary[]): string {
  if (!("levels" in text) || text.levels.depth !== undefined || !sides.some((side) => "numbers" in side)) return "";
  const odd = [...text.levels.levels].filter(([level]) => !isNumeral.test(level)).sort(([, a], [, b]) => b - a);
  const rows = odd.reduce((sum, [, count]) => sum + count, 0);
  if (rows === 0 || rows > text.levels.total / 2) return "";
  const named = odd.slice(0, 3).map(([level, count]) => `"${level.slice(0, 40)}" (${sayAmount(count)})`);
  const more = odd.length - named.length;
  const cells = rows === 1 ? "1 cell" : `${sayAmount(rows)} cells`;
  return `, as ${cells} of ${sayAmount(text.levels.total)} hold${rows === 1 ? "s" : ""} no number: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

const isNumeral = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$|^(?:[-+]?inf(?:inity)?|nan)$/i;

const typeWords: Readonly<Record<ColumnSummary["type"], string>> = {
  integer: "numbers",
  number: "numbers",
  float32: "numbers",
  time: "times",
  text: "text",
  boolean: "true and false",
  empty: "nothing",
  nested: "lists or maps",
};

const cut = ({ name }: ColumnSummary): string => name.slice(0, 1_000);
const short = ({ name }: ColumnSummary): string => name.slice(0, 60);

/** "Total_Charges" and "totalCharges". */
function isSameName(a: string, b: string): boolean {
  const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return plain(a) === plain(b) && plain(a) !== "";
}
