/**
 * A part of a message. `versions` go from the fullest to the shortest; the shortest may be "". Parts with a higher
 * `priority` give way last. `name` is what the reader is told when a part was shortened or left out.
 */
export type Part = { name: string; priority: number; versions: readonly string[] };

export type Fitted = { text: string; shortened: readonly string[] };

/** Characters that one comment may have with room to spare: GitHub refuses more than 65,536. */
export const commentBudget = 58_000;

/**
 * Joins the parts in their order, with a blank line between, in at most `budget` characters: the least important parts
 * are shortened first, step by step. What cannot be shortened enough is cut at the end of a line.
 */
export function fitBudget(parts: readonly Part[], budget: number): Fitted {
  const chosen = parts.map(() => 0);
  const textOf = (index: number): string => parts[index]?.versions[chosen[index] ?? 0] ?? "";
  const lengthOf = (): number =>
    parts.reduce((sum, _, index) => sum + (textOf(index) === "" ? 0 : textOf(index).length + 2), 0);
  const order = parts
    .map((_, index) => index)
    .toSorted((a, b) => (parts[a]?.priority ?? 0) - (parts[b]?.priority ?? 0));
  for (const index of order) {
    const last = (parts[index]?.versions.length ?? 1) - 1;
    while (lengthOf() > budget && (chosen[index] ?? 0) < last) chosen[index] = (chosen[index] ?? 0) + 1;
  }
  const text = parts
    .map((_, index) => textOf(index))
    .filter((part) => part !== "")
    .join("\n\n");
  const shortened = parts.filter((_, index) => chosen[index] !== 0).map(({ name }) => name);
  return { text: cutAtLine(text, budget), shortened };
}

function cutAtLine(text: string, budget: number): string {
  if (text.length <= budget) return text;
  const cut = text.slice(0, budget - 2);
  const line = cut.lastIndexOf("\n");
  return `${line > budget / 2 ? cut.slice(0, line) : cut.replace(/[\ud800-\udbff]$/, "")}\n…`;
}
