import type { RankedQuery } from "#core/statistics/ranking-scores.ts";
import { formatCount } from "#core/message/format.ts";
import { sayExamples, sayUnreadable, type Aligned, type Answers, type SideName } from "./answers.ts";

export type RankingQuestions = {
  idColumn: string;
  itemColumn: string;
  scoreColumn: string;
  /** right items of each query that counts, those to ignore left out; never empty */
  labels: ReadonlyMap<string, ReadonlySet<string>>;
  /** every query that was asked for, those that do not count included */
  asked: ReadonlySet<string>;
  /** items of a query that are not asked for: taken out of every ranking */
  ignored: ReadonlyMap<string, ReadonlySet<string>>;
  /** ranks that any metric looks at */
  depth: number;
};

/**
 * The ranking of each query that counts, in the order of `labels`, by falling score, ties by item (numbers by size,
 * other text by code unit). What a subject did not list ranks after all it listed, hence is never among the hits.
 */
export function alignRanking(side: SideName, answers: Answers, questions: RankingQuestions): Aligned<RankedQuery[]> {
  const unreadable = sayUnreadable(side, questions.scoreColumn, answers);
  if (unreadable !== undefined) return { kind: "problem", because: unreadable };
  const { idColumn, itemColumn, asked } = questions;
  const problem = (what: string): Aligned<RankedQuery[]> => ({
    kind: "problem",
    because: `Predictions of the ${side}: ${what}; write one line for each "${idColumn}" of ROWS and "${itemColumn}", and no other "${idColumn}"`,
  });
  const linesOf = new Map<string, number[]>();
  answers.ids.forEach((query, line) => {
    const lines = linesOf.get(query);
    if (lines === undefined) linesOf.set(query, [line]);
    else lines.push(line);
  });
  const missing = [...asked].filter((query) => !linesOf.has(query));
  if (missing.length > 0)
    return problem(
      `${formatCount(missing.length)} of ${formatCount(asked.size)} queries are missing (${sayExamples(missing)})`,
    );
  const extra = [...linesOf.keys()].filter((query) => !asked.has(query));
  if (extra.length > 0)
    return problem(`${formatCount(extra.length)} queries were not asked for (${sayExamples(extra)})`);
  const repeated: string[] = [];
  for (const [query, lines] of linesOf) {
    const seen = new Set<string>();
    for (const line of lines) {
      const item = answers.items[line] ?? "";
      if (seen.has(item)) repeated.push(`${query}, ${item}`);
      seen.add(item);
    }
  }
  if (repeated.length > 0)
    return problem(`${repeated.length} pairs are answered more than once (${sayExamples(repeated)})`);
  return {
    kind: "aligned",
    value: [...questions.labels].map(([query, right]) =>
      rank(query, right, linesOf.get(query) ?? [], answers, questions),
    ),
  };
}

function rank(
  query: string,
  right: ReadonlySet<string>,
  lines: readonly number[],
  answers: Answers,
  questions: RankingQuestions,
): RankedQuery {
  const ignored = questions.ignored.get(query);
  const listed = lines
    .map((line) => ({ item: answers.items[line] ?? "", score: answers.scores[line] ?? NaN }))
    .filter(({ item }) => ignored?.has(item) !== true)
    .sort((a, b) => b.score - a.score || compareItems(a.item, b.item));
  return { hits: listed.slice(0, questions.depth).map(({ item }) => right.has(item)), labels: right.size };
}

const whole = /^-?\d{1,15}$/;

/** Order of items of equal score: whole numbers by size before any other text, which goes by code unit. */
export function compareItems(a: string, b: string): number {
  const [aWhole, bWhole] = [whole.test(a), whole.test(b)];
  if (aWhole && bWhole && Number(a) !== Number(b)) return Number(a) - Number(b);
  if (aWhole !== bWhole) return aWhole ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
