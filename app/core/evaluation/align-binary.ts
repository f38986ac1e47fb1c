import { formatCount } from "#core/message/format.ts";
import { sayExamples, sayUnreadable, type Aligned, type Answers, type SideName } from "./answers.ts";

export type BinaryQuestions = {
  idColumn: string;
  scoreColumn: string;
  /** ids of the rows that count, in the order of the holdout; unique */
  ids: readonly string[];
  /** ids of rows that were asked for and do not count, as their file was dropped */
  dropped: ReadonlySet<string>;
};

/** The scores in the order of the rows that count. One line for each row asked, no other: anything else is a problem. */
export function alignBinary(side: SideName, answers: Answers, questions: BinaryQuestions): Aligned<Float64Array> {
  const { ids, dropped, idColumn, scoreColumn } = questions;
  const unreadable = sayUnreadable(side, scoreColumn, answers);
  if (unreadable !== undefined) return { kind: "problem", because: unreadable };
  const lines = new Map<string, number>();
  const repeated = new Set<string>();
  answers.ids.forEach((id, line) => {
    if (lines.has(id)) repeated.add(id);
    else lines.set(id, line);
  });
  const problem = (what: string): Aligned<Float64Array> => ({
    kind: "problem",
    because: `Predictions of the ${side}: ${what}; write one line for each "${idColumn}" of ROWS, and no other`,
  });
  if (repeated.size > 0)
    return problem(`${formatCount(repeated.size)} rows are answered more than once (${sayExamples([...repeated])})`);
  const missing = [...ids, ...dropped].filter((id) => !lines.has(id));
  if (missing.length > 0) {
    return problem(
      `${formatCount(missing.length)} of ${formatCount(ids.length + dropped.size)} rows are missing (${sayExamples(missing)})`,
    );
  }
  if (lines.size > ids.length + dropped.size) {
    const asked = new Set(ids);
    const extra = [...lines.keys()].filter((id) => !asked.has(id) && !dropped.has(id));
    return problem(`${formatCount(extra.length)} rows were not asked for (${sayExamples(extra)})`);
  }
  return { kind: "aligned", value: Float64Array.from(ids, (id) => answers.scores[lines.get(id) ?? -1] ?? NaN) };
}
