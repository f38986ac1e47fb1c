import { formatCount } from "#core/message/format.ts";
/** Whose predictions: the word that stands in every sentence about them. */
export type SideName = "candidate" | "production" | "baseline";

/**
 * What one subject wrote, line by line. Attacker-controlled throughout: it comes from the team's predict command.
 * `items` is empty for a task without items. `unreadable`: how many scores are no
 * finite number, and the text of the first few.
 */
export type Answers = {
  ids: readonly string[];
  items: readonly string[];
  scores: Float64Array;
  unreadable: { count: number; examples: readonly string[] };
};

/** Answers brought into the order of the holdout, or the sentence that says why they cannot be. */
export type Aligned<T> = { kind: "aligned"; value: T } | { kind: "problem"; because: string };

const shownExamples = 3;

/** `"a", "b", "c" and 17 more`: the first few of many, each cut short. */
export function sayExamples(values: readonly string[], count = values.length): string {
  const shown = values
    .slice(0, shownExamples)
    .map((value) => `"${value.length > 60 ? `${value.slice(0, 59)}…` : value}"`);
  const more = count - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

/** The problem sentence for scores that are no finite numbers, or undefined. */
export function sayUnreadable(side: SideName, column: string, answers: Answers): string | undefined {
  const { count, examples } = answers.unreadable;
  if (count === 0) return undefined;
  return `Predictions of the ${side}: column "${column}" must hold a number in each of ${formatCount(answers.ids.length)} lines, ${formatCount(count)} are none (${sayExamples(examples, count)})`;
}
