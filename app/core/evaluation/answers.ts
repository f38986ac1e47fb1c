/** Whose predictions: the word that stands in every sentence about them. */
export type SideName = "candidate" | "production" | "baseline";

/**
 * What one subject wrote, line by line. Attacker-controlled throughout: it comes from the team's predict command.
 * `items` is empty for a task without items. `unreadable`: line → text of each score that is not a finite number.
 */
export type Answers = {
  ids: readonly string[];
  items: readonly string[];
  scores: Float64Array;
  unreadable: ReadonlyMap<number, string>;
};

/** Answers brought into the order of the holdout, or the sentence that says why they cannot be. */
export type Aligned<T> = { kind: "aligned"; value: T } | { kind: "problem"; because: string };

const shownExamples = 3;

/** `"a", "b", "c" and 17 more`: the first few of many, each cut short. */
export function sayExamples(values: readonly string[]): string {
  const shown = values
    .slice(0, shownExamples)
    .map((value) => `"${value.length > 60 ? `${value.slice(0, 59)}…` : value}"`);
  const more = values.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

/** The problem sentence for scores that are no finite numbers, or undefined. */
export function sayUnreadable(side: SideName, column: string, answers: Answers): string | undefined {
  if (answers.unreadable.size === 0) return undefined;
  const examples = sayExamples([...answers.unreadable.values()]);
  return `Predictions of the ${side}: column "${column}" must hold a number in each of ${answers.ids.length} lines, ${answers.unreadable.size} are none (${examples})`;
}
