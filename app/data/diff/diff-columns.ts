import type { DataDiff } from "#core/diff/data-diff.ts";
import type { Compared } from "./compare-columns.ts";
import type { Side } from "./open-side.ts";

const mostColumns = 5_000;
const cut = (name: string): string => name.slice(0, 1_000);

/**
 * Columns that came, went or hold another kind of value. A version is its changed files and those that both have; where
 * one version is empty there is nothing to say.
 */
export function diffColumns(
  compared: readonly Compared[],
  [left, right, kept]: readonly [Side, Side, Side],
): Omit<NonNullable<DataDiff["columns"]>, "renamed"> {
  const none = { added: [], removed: [], retyped: [], reordered: false };
  const versions = [left, right].map((side) => [side, kept].filter(({ relations }) => relations.length > 0));
  if (versions.some((sides) => sides.length === 0)) return none;
  const [before, after] = versions.map(
    (sides) => new Set(sides.flatMap(({ columns }) => columns.map(({ name }) => name))),
  );
  if (before === undefined || after === undefined) return none;
  const named = (words: readonly (string | undefined)[]): string => words.find((word) => word !== undefined) ?? "empty";
  const retyped = compared.flatMap(({ name, words: [old, now, same] }) => {
    const [was, is] = [old ?? same, now ?? same];
    return was === undefined || is === undefined || was === is ? [] : [{ column: cut(name), before: was, after: is }];
  });
  return {
    added: compared
      .filter(({ name }) => after.has(name) && !before.has(name))
      .slice(0, mostColumns)
      .map(({ name, words }) => ({ column: cut(name), type: named(words) })),
    removed: compared
      .filter(({ name }) => before.has(name) && !after.has(name))
      .slice(0, mostColumns)
      .map(({ name, words }) => ({ column: cut(name), type: named(words) })),
    retyped: retyped.slice(0, mostColumns),
    reordered: isReordered(left, right),
  };
}

function isReordered(left: Side, right: Side): boolean {
  const names = ({ columns }: Side): string[] => columns.map(({ name }) => name);
  const [old, now] = [names(left), names(right)];
  const [inOld, inNow] = [new Set(old), new Set(now)];
  return now.filter((name) => inOld.has(name)).join("\0") !== old.filter((name) => inNow.has(name)).join("\0");
}
